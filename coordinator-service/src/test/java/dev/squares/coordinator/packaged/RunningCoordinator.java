package dev.squares.coordinator.packaged;

import static org.awaitility.Awaitility.await;

import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** A coordinator that was started from a jar in a folder of its own, on a free port, with a shared directory of its own. */
final class RunningCoordinator implements AutoCloseable {
    static final Path JAR = Path.of("target", "coordinator-service.jar").toAbsolutePath();
    static final Path WORKER_JAR = Path.of("..", "worker-service", "target", "worker-service-exec.jar")
            .toAbsolutePath()
            .normalize();

    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
    /** Starting is most of what these tests do, and this starts in less than half the time. */
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-XX:MetaspaceSize=128m", "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote");

    static final Duration PATIENCE = Duration.ofMinutes(5);

    final Path shared;
    final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final Process process;
    private final URI base;

    private RunningCoordinator(Path folder, Path jar, List<String> jvmOptions, List<String> arguments)
            throws IOException {
        this.folder = Files.createDirectories(folder);
        this.shared = Files.createDirectories(folder.resolve("shared"));
        Path log = Files.createTempFile(folder, "coordinator", ".log");
        // Any of these may be given once more: the last of two is taken, and an argument before either.
        List<String> command = java("-Dserver.port=0", "-Dsquares.worker.warm-ups=1",
                "-Dsquares.worker.cache-directory=" + TrainedCache.directory());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString(), "--squares.shared-directory=" + shared));
        command.addAll(arguments);
        this.process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            this.base = URI.create("http://127.0.0.1:" + awaitPort(log));
            await().atMost(PATIENCE).until(() -> get("/readyz").statusCode() == 200);
        } catch (RuntimeException e) {
            // Nobody else can close it.
            close();
            throw e;
        }
    }

    static RunningCoordinator start(Path folder, Path jar, List<String> jvmOptions, String... arguments)
            throws IOException {
        return new RunningCoordinator(folder, jar, jvmOptions, List.of(arguments));
    }

    /** The beginning of a command: a JVM that starts quickly. */
    static List<String> java(String... more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK_START);
        command.addAll(List.of(more));
        return command;
    }

    /** Extracts an executable jar, as for an image, and returns the jar that is started then. */
    private static Path extract(Path jar, Path destination) throws IOException {
        Process extraction = new ProcessBuilder(java(
                "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", destination.toString()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        await().atMost(PATIENCE).until(() -> !extraction.isAlive());
        return destination.resolve(jar.getFileName());
    }

    /** For tests of what does not depend on the layout: these start in two thirds of the time that the executable jars take. */
    static final class Extracted {
        static final Path COORDINATOR = anew(JAR);
        static final Path WORKER_SERVICE = anew(WORKER_JAR);

        private Extracted() {}

        private static Path anew(Path jar) {
            Path destination = Path.of("target", "extracted", jar.getFileName().toString()).toAbsolutePath();
            try {
                FileSystemUtils.deleteRecursively(destination);
                return extract(jar, destination);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private String awaitPort(Path log) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            String text = Files.readString(log);
                            if (!process.isAlive()) {
                                throw new IllegalStateException("ended with " + process.exitValue() + ": " + text);
                            }
                            Matcher started = STARTED.matcher(text);
                            return started.find() ? started.group(1) : "";
                        },
                        port -> !port.isEmpty());
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> square(String query, String body) {
        return send(post(query, BodyPublishers.ofString(body)), BodyHandlers.ofString());
    }

    HttpResponse<InputStream> square(String query, BodyPublisher body) {
        return send(post(query, body), BodyHandlers.ofInputStream());
    }

    HttpRequest post(String query, BodyPublisher body) {
        return HttpRequest.newBuilder(base.resolve("/square" + query))
                .header("Content-Type", "application/json")
                .POST(body)
                .build();
    }

    URI base() {
        return base;
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    List<ProcessHandle> workers() {
        return process.children().toList();
    }

    void awaitWorkers(int count) {
        await().atMost(PATIENCE).until(() -> workers().size() == count);
    }

    /** Every file in the shared directory, but for the locks. */
    List<Path> files() {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(shared, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!file.endsWith("lock")) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** A file goes when its answer has gone, and not before. */
    void awaitNoFiles() {
        await().atMost(PATIENCE).until(() -> files().isEmpty());
    }

    /** The directories of coordinators, living and dead. */
    List<Path> directories() throws IOException {
        try (Stream<Path> directories = Files.list(shared)) {
            return directories.toList();
        }
    }

    /** Sends SIGTERM, and waits for the end. */
    int stop() {
        process.destroy();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
        return process.exitValue();
    }

    /** Sends SIGKILL. */
    void kill() {
        process.destroyForcibly();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }

    @Override
    public void close() {
        client.close();
        kill();
    }
}
