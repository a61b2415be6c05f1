package dev.squares.coordinator.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Minutes of mixed load while worker processes are killed at random, {@code mvn verify -Psoak}: lists of all sizes, all options,
 * lists that are refused, clients that vanish. Whatever happens, an answer is right or is one of the problems that say why not,
 * and nothing is left behind. {@code -Dsoak.seconds=600} sets how long.
 */
@Tag("soak")
class SoakIT {
    private static final Duration DURATION = Duration.ofSeconds(Long.getLong("soak.seconds", 120));
    private static final int CLIENTS = 8;
    private static final List<String> IPC = List.of("shared-memory", "message-passing", "none");
    private static final List<String> PROCESS = List.of("fresh", "pooled");
    private static final List<String> VIEW = List.of("full", "summary");
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final Map<String, LongAdder> sent = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> cameBack = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> wrong = new ConcurrentHashMap<>();
    private final LongAdder kills = new LongAdder();

    @Test
    void leavesNothingBehindAndAnswersRightWhateverIsKilled() throws Exception {
        String[] settings = {
                "--squares.worker.timeout=5s", "--squares.worker.queue-timeout=1s", "--squares.worker.max-jobs=500"
        };
        try (RunningCoordinator coordinator = RunningCoordinator.start(
                folder, RunningCoordinator.JAR, List.of(), settings);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int client = 0; client < CLIENTS; client++) {
                long seed = client;
                threads.submit(() -> sendLists(coordinator, new SplittableRandom(seed)));
            }
            threads.submit(() -> killWorkers(coordinator, new SplittableRandom(CLIENTS)));
            threads.submit(() -> vanish(coordinator));
            Thread.sleep(DURATION);
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
            String process = PROCESS.get(random.nextInt(PROCESS.size()));
            String view = VIEW.get(random.nextInt(VIEW.size()));
            // Mostly short, now and then long.
            int count = random.nextInt(20) == 0 ? random.nextInt(300_000) : random.nextInt(50);
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

    private void killWorkers(RunningCoordinator coordinator, SplittableRandom random) {
        while (!stop.get()) {
            List<ProcessHandle> workers = coordinator.workers();
            if (!workers.isEmpty()) {
                workers.get(random.nextInt(workers.size())).destroyForcibly();
                kills.increment();
            }
            pause(random.nextInt(200, 800));
        }
    }

    /** Sends half a list, or reads half an answer, and goes. */
    private void vanish(RunningCoordinator coordinator) {
        byte[] half = ("POST /square HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n[1,2,").getBytes(StandardCharsets.US_ASCII);
        while (!stop.get()) {
            try (Socket socket = new Socket(coordinator.base().getHost(), coordinator.base().getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write(half);
                out.flush();
                count(sent, "half a list");
                pause(50);
            } catch (IOException e) {
                count(wrong, "refused: " + e.getMessage());
            }
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
        table.append("\n| workers killed | files left | workers left |\n|---:|---:|---:|\n| " + kills + " | "
                + coordinator.files().size() + " | " + coordinator.workers().size() + " (standing by) |\n");
        System.out.println(table);
    }
}
