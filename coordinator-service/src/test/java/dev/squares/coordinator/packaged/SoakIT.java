package dev.squares.coordinator.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Minutes of mixed load while worker processes are killed and stopped at random, {@code mvn verify -Psoak}: lists of all sizes,
 * all options, lists that are refused, clients that vanish in the middle of their list, of the work and of the answer, clients
 * that do not read. Whatever happens, an answer is right or is one of the problems that say why not, nothing is left behind, and
 * the coordinator has the heap that its image has. {@code -Dsoak.seconds=600} sets how long.
 */
@Tag("soak")
class SoakIT {
    private static final Duration DURATION = Duration.ofSeconds(Long.getLong("soak.seconds", 120));
    private static final int CLIENTS = 8;

    /** Besides those: they send nothing but short lists, as fast as they are answered. */
    private static final int QUICK_CLIENTS = 2;

    /** With both compilers, as in the image: it runs for minutes. */
    private static final List<String> IMAGES_OPTIONS = List.of(
            "-Xmx192m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=4");
    private static final List<String> IPC = List.of("shared-memory", "message-passing", "none");
    private static final List<String> VIEW = List.of("full", "summary");
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final int MEMORY_SAMPLES = 6;

    @TempDir
    Path folder;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final Map<String, LongAdder> sent = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> cameBack = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> wrong = new ConcurrentHashMap<>();
    private final LongAdder kills = new LongAdder();
    private final LongAdder stops = new LongAdder();
    private final List<String> memory = new CopyOnWriteArrayList<>();

    @Test
    void leavesNothingBehindAndAnswersRightWhateverIsKilled() throws Exception {
        String[] settings = {
                "--squares.worker.timeout=2s", "--squares.worker.queue-timeout=1s", "--squares.worker.max-jobs=500"
        };
        try (RunningCoordinator coordinator = RunningCoordinator.start(
                folder, RunningCoordinator.JAR, IMAGES_OPTIONS, settings);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int client = 0; client < CLIENTS; client++) {
                long seed = client;
                threads.submit(() -> sendLists(coordinator, new SplittableRandom(seed)));
            }
            for (int client = 0; client < QUICK_CLIENTS; client++) {
                threads.submit(() -> sendShortLists(coordinator));
            }
            threads.submit(() -> killWorkers(coordinator, new SplittableRandom(CLIENTS)));
            threads.submit(() -> vanish(coordinator, new SplittableRandom(CLIENTS + 1)));
            for (int sample = 0; sample < MEMORY_SAMPLES; sample++) {
                Thread.sleep(DURATION.dividedBy(MEMORY_SAMPLES));
                sampleMemory(coordinator);
            }
            stop.set(true);
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(coordinator.files()).isEmpty());
            coordinator.awaitWorkers(2);
            report(coordinator);
            assertThat(wrong).isEmpty();
            assertThat(cameBack.keySet()).isSubsetOf(
                    "200", "400 malformed-json", "422 square-out-of-range", "502 worker-crashed",
                    "503 no-worker-available", "504 worker-timed-out");
            assertThat(coordinator.square("", "[1,2,3,4]").statusCode()).isEqualTo(200);
            assertThat(coordinator.stop()).isEqualTo(143);
            assertThat(coordinator.directories()).isEmpty();
        }
    }

    private void sendLists(RunningCoordinator coordinator, SplittableRandom random) {
        while (!stop.get()) {
            String ipc = IPC.get(random.nextInt(IPC.size()));
            // A start takes some hundred times what a short job does, and requests are served in order.
            String process = random.nextInt(20) == 0 ? "fresh" : "pooled";
            String view = VIEW.get(random.nextInt(VIEW.size()));
            // Mostly short, now and then long.
            int count = random.nextInt(100) == 0 ? random.nextInt(300_000) : random.nextInt(50);
            long[] list = random.longs(count, -3_037_000_499L, 3_037_000_500L).toArray();
            String body = LongStream.of(list).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
            String expected = "200";
            switch (random.nextInt(30)) {
                case 0 -> {
                    body = body.substring(1);
                    expected = "400 malformed-json";
                }
                case 1 -> {
                    body = "[3037000500," + body.substring(1);
                    expected = count == 0 ? "400 malformed-json" : "422 square-out-of-range";
                }
                default -> {
                    // As it is.
                }
            }
            count(sent, ipc + " " + process + " " + view);
            HttpResponse<String> response = coordinator.square("?ipc=" + ipc + "&process=" + process + "&view=" + view,
                    body);
            check(ipc, view, list, expected, response);
        }
    }

    private void check(String ipc, String view, long[] list, String expected, HttpResponse<String> response) {
        JsonNode answer = JSON.readTree(response.body());
        int status = response.statusCode();
        String outcome = status == 200 ? "200" : status + " " + answer.get("type").asString().replaceAll(".*:", "");
        count(cameBack, outcome);
        if (status == 200 && expected.equals("200")) {
            boolean crosses = !ipc.equals("none");
            boolean right = answer.get("match").asBoolean() == (crosses || list.length == 0)
                    && right(answer.get("childReported"), view, list)
                    && right(answer.get("parentObserved"), view, crosses ? list : new long[0]);
            if (!right) {
                count(wrong, "a wrong 200");
            }
        } else if (status < 500 && !outcome.equals(expected)) {
            count(wrong, outcome + " instead of " + expected);
        }
    }

    private static boolean right(JsonNode side, String view, long[] list) {
        java.math.BigInteger sum = LongStream.of(list)
                .mapToObj(java.math.BigInteger::valueOf)
                .map(x -> x.multiply(x))
                .reduce(java.math.BigInteger.ZERO, java.math.BigInteger::add);
        if (side.get("count").asLong() != list.length || !side.get("sum").bigIntegerValue().equals(sum)) {
            return false;
        }
        JsonNode squares = side.get("squares");
        if (view.equals("summary")) {
            return squares == null;
        }
        for (int i = 0; i < list.length; i++) {
            if (squares.get(i).asLong() != list[i] * list[i]) {
                return false;
            }
        }
        return squares.size() == list.length;
    }

    private void sendShortLists(RunningCoordinator coordinator) {
        while (!stop.get()) {
            count(sent, "shared-memory pooled full, four numbers");
            HttpResponse<String> response = coordinator.square("?process=pooled", "[1,2,3,4]");
            check("shared-memory", "full", new long[]{1, 2, 3, 4}, "200", response);
        }
    }

    /** Mostly with SIGKILL, now and then with SIGSTOP: a worker that is stopped in its job, or before it, misses its deadline. */
    private void killWorkers(RunningCoordinator coordinator, SplittableRandom random) {
        while (!stop.get()) {
            List<ProcessHandle> workers = coordinator.workers();
            if (!workers.isEmpty()) {
                ProcessHandle worker = workers.get(random.nextInt(workers.size()));
                if (random.nextInt(10) == 0) {
                    run("kill", "-STOP", Long.toString(worker.pid()));
                    stops.increment();
                } else {
                    worker.destroyForcibly();
                    kills.increment();
                }
            }
            pause(random.nextInt(500, 2000));
        }
    }

    /** Sends half a list and goes, or a whole one and goes, or does not read its answer for a while and goes. */
    private void vanish(RunningCoordinator coordinator, SplittableRandom random) {
        String four = "[1,2,3,4]";
        String long6000 = Collections.nCopies(6000, 3_037_000_499L).toString();
        while (!stop.get()) {
            switch (random.nextInt(3)) {
                case 0 -> sendAndGo(coordinator, "half a list", four.length() * 100, four, 50);
                case 1 -> sendAndGo(coordinator, "a list, and gone", four.length(), four, 0);
                default -> sendAndGo(coordinator, "a list whose answer is not read", long6000.length(), long6000, 500);
            }
        }
    }

    private void sendAndGo(RunningCoordinator coordinator, String what, int length, String list, long stayMillis) {
        String request = "POST /square HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + length + "\r\n\r\n" + list;
        try (Socket socket = new Socket(coordinator.base().getHost(), coordinator.base().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            count(sent, what);
            pause(stayMillis);
        } catch (IOException e) {
            count(wrong, "refused: " + e.getMessage());
        }
    }

    /** The live heap after a full collection, and what is resident of the process, after so many answers. */
    private void sampleMemory(RunningCoordinator coordinator) {
        String pid = Long.toString(coordinator.handle().pid());
        run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid, "GC.run");
        long answers = cameBack.values().stream().mapToLong(LongAdder::sum).sum();
        long heap = coordinator.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes") && line.contains("area=\"heap\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
        memory.add("| " + answers + " | " + (heap >> 20) + " | " + residentMegabytes(pid) + " |");
    }

    private static long residentMegabytes(String pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", pid, "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) {
        try {
            new ProcessBuilder(command).redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void count(Map<String, LongAdder> counts, String what) {
        counts.computeIfAbsent(what, key -> new LongAdder()).increment();
    }

    private void report(RunningCoordinator coordinator) {
        StringBuilder table = new StringBuilder("\n| sent | |\n|---|---:|\n");
        new TreeMap<>(sent).forEach((what, times) -> table.append("| " + what + " | " + times + " |\n"));
        table.append("\n| came back | |\n|---|---:|\n");
        new TreeMap<>(cameBack).forEach((what, times) -> table.append("| " + what + " | " + times + " |\n"));
        new TreeMap<>(wrong).forEach((what, times) -> table.append("| WRONG: " + what + " | " + times + " |\n"));
        table.append("\n| answers | live heap, MB | resident, MB |\n|---:|---:|---:|\n");
        memory.forEach(sample -> table.append(sample + "\n"));
        table.append(
                "\n| workers killed | stopped | files left | workers left |\n|---:|---:|---:|---:|\n| " + kills + " | "
                        + stops + " | "
                        + coordinator.files().size() + " | " + coordinator.workers().size() + " (standing by) |\n");
        System.out.println(table);
    }
}
