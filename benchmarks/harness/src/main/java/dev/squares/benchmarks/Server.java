package dev.squares.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server that was started here, on a free port, in a folder of its own. */
final class Server implements AutoCloseable {
    private static final Pattern STARTED = Pattern.compile("started on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);
    private static final String WORKER_MAIN = "dev.squares.worker.child.Main";
    private static final String ONE_COMPILER = "-XX:TieredStopAtLevel=1";

    private final Process process;
    private final int port;
    /** Who forks its workers; null if it does so itself. */
    private final @Nullable Server workerService;

    /** What can be started. */
    enum Kind {
        COORDINATOR,
        /** One whose jar has been taken apart. */
        EXTRACTED,
        /** One whose workers are used up, or asked for several at once: those of the other stay, and stay compiled. */
        SECOND_COORDINATOR,
        /** A coordinator, and a worker-service beside it. */
        PAIR,
        WORKER_SERVICE,
        IN_PROCESS,
        LECTURE_FORK,
        LECTURE_SPAWN;

        boolean isCoordinator() {
            return this == COORDINATOR || this == EXTRACTED || this == SECOND_COORDINATOR || this == PAIR;
        }

        private boolean isOurs() {
            return isCoordinator() || this == WORKER_SERVICE;
        }
    }

    private Server(Process process, int port, @Nullable Server workerService) {
        this.process = process;
        this.port = port;
        this.workerService = workerService;
    }

    /**
     * Starts a server and waits until it is ready and quiet.
     *
     * @param jvmOptions for those that are JVMs
     */
    static Server start(Kind kind, Workplace place, List<String> jvmOptions) throws IOException, InterruptedException {
        Path shared = place.newSharedFolder();
        if (kind != Kind.PAIR) {
            return start(kind, place, shared, jvmOptions, null);
        }
        Server workerService = start(Kind.WORKER_SERVICE, place, shared, List.of(), null);
        try {
            return start(kind, place, shared, jvmOptions, workerService);
        } catch (IOException | InterruptedException | RuntimeException e) {
            workerService.close();
            throw e;
        }
    }

    /** Starts a server, and does not wait until it is ready. */
    static Server launch(Kind kind, Workplace place, List<String> jvmOptions) throws IOException, InterruptedException {
        return launch(kind, place, place.newSharedFolder(), jvmOptions, null);
    }

    private static Server start(
            Kind kind, Workplace place, Path shared, List<String> jvmOptions, @Nullable Server workerService)
            throws IOException, InterruptedException {
        Server server = launch(kind, place, shared, jvmOptions, workerService);
        try {
            if (kind.isOurs()) {
                server.awaitReady();
            }
            server.settle();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Server launch(
            Kind kind, Workplace place, Path shared, List<String> jvmOptions, @Nullable Server workerService)
            throws IOException, InterruptedException {
        Path folder = place.newFolder(kind.name());
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command(kind, place, shared, jvmOptions, workerService))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        try {
            return new Server(process, awaitPort(process, log), workerService);
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw e;
        }
    }

    private static List<String> command(
            Kind kind, Workplace place, Path shared, List<String> jvmOptions, @Nullable Server workerService) {
        List<String> command = new ArrayList<>();
        switch (kind) {
            case COORDINATOR, SECOND_COORDINATOR, PAIR -> java(command, place, jvmOptions, place.coordinatorJar());
            case EXTRACTED -> java(command, place, jvmOptions, place.extractedCoordinatorJar());
            case WORKER_SERVICE -> java(command, place, jvmOptions, place.workerServiceJar());
            case IN_PROCESS -> java(command, place, jvmOptions, place.inProcessJar());
            case LECTURE_FORK -> command.addAll(List.of("python3", place.lecture(), "fork"));
            case LECTURE_SPAWN -> command.addAll(List.of("python3", place.lecture(), "spawn"));
        }
        if (workerService != null) {
            command.add("--squares.worker.url=http://127.0.0.1:" + workerService.port);
        }
        if (kind.isCoordinator()) {
            command.add("--squares.max-length=" + Options.LONGEST_LIST);
        }
        if (kind.isOurs()) {
            command.add("--squares.shared-directory=" + shared);
            // One for all starts: what the first one prepares, the others find, as in production.
            command.add("--squares.worker.cache-directory=" + place.workerCache());
        }
        return command;
    }

    private static void java(List<String> command, Workplace place, List<String> jvmOptions, String jar) {
        command.add(place.java());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar, "--server.port=0"));
    }

    private static int awaitPort(Process process, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String text = Files.readString(log);
            Matcher started = STARTED.matcher(text);
            if (started.find()) {
                return Integer.parseInt(started.group(1));
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("did not start: " + text);
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        await(request("/readyz"));
    }

    /** Waits until it has squared a short list. */
    void awaitAnswer() throws IOException, InterruptedException {
        await(request(Contender.POOLED.path()).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("[1,2,3,4]")));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static void await(HttpRequest.Builder request) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (client.send(request.build(), BodyHandlers.discarding()).statusCode() != 200) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("did not become ready");
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    /** Waits until neither the server nor any process of its does anything: what goes on in the background has ended. */
    void settle() throws IOException, InterruptedException {
        Duration window = Duration.ofMillis(500);
        double quiet = 0.05 * window.toMillis() / 1e3;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        double last = cpuSeconds();
        for (int quietWindows = 0; quietWindows < 2 && System.nanoTime() < deadline;) {
            Thread.sleep(window);
            double now = cpuSeconds();
            quietWindows = now - last < quiet ? quietWindows + 1 : 0;
            last = now;
        }
    }

    private double cpuSeconds() throws IOException {
        double seconds = ProcFs.cpuSeconds(pid()) + (workerService == null ? 0 : workerService.cpuSeconds());
        for (ProcessHandle child : process.descendants().toList()) {
            try {
                seconds += ProcFs.cpuSeconds(child.pid());
            } catch (IOException e) {
                // It has ended meanwhile, and its time has become its parent's.
            }
        }
        return seconds;
    }

    /** Process ids of the idle workers. */
    List<Long> workers() throws IOException {
        List<Long> workers = new ArrayList<>();
        for (ProcessHandle child : process.children().toList()) {
            try {
                if (ProcFs.command(child.pid()).contains(WORKER_MAIN)) {
                    workers.add(child.pid());
                }
            } catch (NoSuchFileException e) {
                // It has ended meanwhile.
            }
        }
        return workers;
    }

    /** The command line of a worker. One for a fresh request has one compiler, and one for pooled ones has both. */
    List<String> workerCommand(boolean fresh) throws IOException {
        List<String> command = new ArrayList<>(ProcFs.command(workers().getFirst()));
        command.remove(ONE_COMPILER);
        if (fresh) {
            command.add(1, ONE_COMPILER);
        }
        return command;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        process.destroy();
        try {
            process.waitFor(STOP_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            all.forEach(ProcessHandle::destroyForcibly);
            if (workerService != null) {
                workerService.close();
            }
        }
    }
}
