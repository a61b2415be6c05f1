package dev.squares.coordinator.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** One coordinator for all, as each takes seconds to start; others beside it where one has to end. */
class PackagedJarIT {
    @TempDir
    static Path folder;

    /** From the executable jar. What it answers goes through a heap that could not hold it. */
    private static RunningCoordinator coordinator;

    @BeforeAll
    static void startFromAnyFolder() throws IOException {
        List<String> options = new ArrayList<>(RunningCoordinator.QUICK_START);
        options.add("-Xmx64m");
        coordinator = RunningCoordinator.start(
                anyFolder(), RunningCoordinator.JAR, options, "--squares.worker.cache-directory=" + cache());
    }

    @AfterAll
    static void end() {
        if (coordinator != null) {
            coordinator.close();
        }
    }

    private static Path anyFolder() {
        return folder.resolve("a folder");
    }

    private static Path cache() {
        return folder.resolve("cache");
    }

    @Test
    void answersAloneFromAnyFolder() {
        assertAnswersRight(coordinator);
        assertThat(coordinator.get("/actuator/info").body())
                .contains("\"build\":{\"artifact\":\"coordinator-service\"", "\"version\":");
        coordinator.awaitNoFiles();
    }

    @Test
    void saysWhatCanBeSetAndEnds() throws Exception {
        for (Path executable : List.of(RunningCoordinator.JAR, RunningCoordinator.WORKER_JAR)) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(RunningCoordinator.QUICK_START);
            command.addAll(List.of("-jar", executable.toString(), "--help"));
            Process help = new ProcessBuilder(command).redirectErrorStream(true).start();
            assertThat(new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith(executable.getFileName().toString().replaceAll("(-exec)?\\.jar", " "))
                    .contains("--squares.worker.max-processes=4");
            assertThat(help.waitFor()).isZero();
        }
    }

    private static void assertAnswersRight(RunningCoordinator coordinator) {
        String answer = coordinator.square("?ipc=none&process=pooled", "[1, 2, 3, 4]").body();
        assertThat(answer).matches("\\{\"ipc\":\"none\",\"process\":\"pooled\",\"match\":false,"
                + "\"childReported\":\\{\"pid\":\\d+,\"count\":4,\"sum\":30,\"squares\":\\[1,4,9,16]},"
                + "\"parentObserved\":\\{\"pid\":" + coordinator.handle().pid()
                + ",\"count\":0,\"sum\":0,\"squares\":\\[]}}\n");
        assertThat(coordinator.square("", "[1, 2, 3, 4]").body()).contains("\"match\":true");
        assertThat(coordinator.square("?ipc=message-passing", "[1, 2, 3, 4]").body()).contains("\"match\":true");
    }

    /** From the extracted layout, as in the image. */
    @Test
    void killingOneOfTwoCoordinatorsEndsItsWorkersAndTheNextStartSweepsItsDirectoryAloneUntilTermEndsItInOrder()
            throws IOException {
        try (RunningCoordinator other = RunningCoordinator.start(anyFolder())) {
            assertThat(coordinator.directories()).hasSize(2);
            other.awaitWorkers(2);
            // In the middle of a list, with a file.
            CompletableFuture<?> halfSent = other.client.sendAsync(
                    other.post("", BodyPublishers.ofInputStream(() -> new ListStream(Long.MAX_VALUE, i -> 1))),
                    HttpResponse.BodyHandlers.discarding());
            await().atMost(RunningCoordinator.PATIENCE).until(() -> !other.files().isEmpty());
            List<ProcessHandle> workers = other.workers();
            other.kill();
            halfSent.cancel(true);
            await().atMost(RunningCoordinator.PATIENCE).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(other.files()).isNotEmpty();
        }
        try (RunningCoordinator next = RunningCoordinator.start(anyFolder())) {
            assertThat(next.files()).isEmpty();
            assertThat(next.directories()).hasSize(2);
            assertAnswersRight(coordinator);
            assertAnswersRight(next);

            next.awaitWorkers(2);
            List<ProcessHandle> workers = next.workers();
            // 128 + SIGTERM, as any JVM that a signal ends in order.
            assertThat(next.stop()).isEqualTo(143);
            assertThat(workers).noneMatch(ProcessHandle::isAlive);
            assertThat(next.directories()).hasSize(1);
        }
    }

    @Test
    void makesAnAotCacheInTheBackgroundFromWhichWorkersStart() {
        assertAnswersRight(coordinator);
        await().atMost(RunningCoordinator.PATIENCE)
                .untilAsserted(() -> assertThat(cache()).isDirectoryContaining("glob:**.aot"));
        assertAnswersRight(coordinator);
        coordinator.awaitWorkers(2);
        String[] arguments = coordinator.workers().getFirst().info().arguments().orElseThrow();
        assertThat(arguments).filteredOn(argument -> argument.startsWith("-XX:AOTCache="))
                .singleElement(InstanceOfAssertFactories.STRING)
                .satisfies(argument -> assertThat(Path.of(argument.split("=", 2)[1])).hasParent(cache()).exists());
    }

    /** Ten million numbers take 80 MB as an array of longs, and more in every other shape. */
    @Test
    void listsPassThroughAHeapThatCouldNotHoldThem() throws IOException {
        assertListPasses("shared-memory", 10_000_000, true);
        assertListPasses("message-passing", 1_000_000, true);
        assertListPasses("none", 1_000_000, false);
        coordinator.awaitNoFiles();
    }

    private static void assertListPasses(String ipc, long count, boolean match) throws IOException {
        HttpResponse<InputStream> response = coordinator.square("?ipc=" + ipc,
                BodyPublishers.ofInputStream(() -> new ListStream(count, PackagedJarIT::element)));
        assertThat(response.statusCode()).isEqualTo(200);
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), response.body())) {
            assertThat(nextMember(json, "match")).isEqualTo(match ? JsonToken.VALUE_TRUE : JsonToken.VALUE_FALSE);
            assertSquares(json, count);
            assertSquares(json, match ? count : 0);
        }
    }

    private static JsonToken nextMember(JsonParser json, String name) {
        while (!(json.nextToken() == JsonToken.PROPERTY_NAME && json.currentName().equals(name))) {
            // Not there yet.
        }
        return json.nextToken();
    }

    private static void assertSquares(JsonParser json, long count) {
        nextMember(json, "squares");
        for (long i = 0; i < count; i++) {
            json.nextToken();
            if (json.getLongValue() != element(i) * element(i)) {
                assertThat(json.getLongValue()).as("square %s", i).isEqualTo(element(i) * element(i));
            }
        }
        assertThat(json.nextToken()).isEqualTo(JsonToken.END_ARRAY);
    }

    /** All over the allowed range. */
    private static long element(long index) {
        return index * 2_654_435_761L % 6_074_000_999L - 3_037_000_499L;
    }
}
