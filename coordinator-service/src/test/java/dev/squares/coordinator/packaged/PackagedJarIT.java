package dev.squares.coordinator.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.FileSystemUtils;

/**
 * Two coordinators for all, as each takes seconds to start. The tests can run in any order; in this one, the second coordinator is the
 * start that comes after the end of the first.
 */
@TestMethodOrder(OrderAnnotation.class)
class PackagedJarIT {
    private static final int BLOCK = 65_536;
    private static final int WHEN_THE_FIRST_IS_NEEDED_NO_MORE = Order.DEFAULT + 1;
    private static final int WHEN_THE_SECOND_IS_THERE = Order.DEFAULT + 2;

    /** The files of answers that nobody reads would be written to a disk otherwise, all of them. */
    @TempDir(factory = SharedMemoryDirectory.class)
    static Path folder;

    /** From the executable jar. What it answers goes through a heap that could not hold it. */
    private static @Nullable RunningCoordinator ofJar;

    /** From the extracted layout and with the heap that it has in the image. */
    private static @Nullable RunningCoordinator ofImage;

    private static RunningCoordinator ofJar() throws IOException {
        if (ofJar == null) {
            ofJar = RunningCoordinator.start(anyFolder(), RunningCoordinator.JAR, List.of("-Xmx48m"),
                    "--squares.worker.cache-directory=" + cache());
        }
        return ofJar;
    }

    private static RunningCoordinator ofImage() throws IOException {
        if (ofImage == null) {
            ofImage = RunningCoordinator.start(anyFolder(), RunningCoordinator.Extracted.COORDINATOR,
                    List.of("-Xmx192m", "-XX:+ExitOnOutOfMemoryError"),
                    // The first answer that nobody reads is still unread when the last one is asked for.
                    "--server.tomcat.connection-timeout=10m", "--squares.shared-memory-limit=4GB",
                    // The kernel alone would take more of each than is asked for.
                    "--squares.send-buffer=16KB");
        }
        return ofImage;
    }

    @AfterAll
    static void termEndsACoordinatorInOrder() throws IOException {
        try (RunningCoordinator _ = ofJar; RunningCoordinator ended = ofImage) {
            if (ended == null) {
                // It has not started, and that is the failure, or no test wanted it.
                return;
            }
            ended.awaitWorkers(2);
            List<ProcessHandle> workers = ended.workers();
            int directories = ended.directories().size();
            // 128 + SIGTERM, as any JVM that a signal ends in order.
            assertThat(ended.stop()).isEqualTo(143);
            assertThat(workers).noneMatch(ProcessHandle::isAlive);
            assertThat(ended.directories()).hasSize(directories - 1);
        }
    }

    private static Path anyFolder() {
        return folder.resolve("a folder");
    }

    private static Path cache() {
        return folder.resolve("cache");
    }

    @Test
    void answersAloneFromAnyFolder() throws IOException {
        RunningCoordinator coordinator = ofJar();
        assertAnswersRight(coordinator);
        assertThat(coordinator.get("/actuator/info").body())
                .contains("\"build\":{\"artifact\":\"coordinator-service\"", "\"version\":");
        coordinator.awaitNoFiles();
    }

    @Test
    void saysWhatCanBeSetAndEnds() throws Exception {
        for (Path executable : List.of(RunningCoordinator.JAR, RunningCoordinator.WORKER_JAR)) {
            Process help = new ProcessBuilder(RunningCoordinator.java("-jar", executable.toString(), "--help"))
                    .redirectErrorStream(true)
                    .start();
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

    @Test
    @Order(WHEN_THE_FIRST_IS_NEEDED_NO_MORE)
    void killingACoordinatorEndsItsWorkersAndTheNextStartSweepsItsDirectoryAlone() throws IOException {
        RunningCoordinator killed = ofJar();
        // Where it is not the next one, the next one has to be started anew.
        if (ofImage != null) {
            ofImage.close();
            ofImage = null;
        }
        killed.awaitWorkers(2);
        // In the middle of a list, with a file.
        CompletableFuture<?> halfSent = killed.client.sendAsync(
                killed.post("", BodyPublishers.ofInputStream(() -> new ListStream(Long.MAX_VALUE, i -> 1))),
                HttpResponse.BodyHandlers.discarding());
        await().atMost(RunningCoordinator.PATIENCE).until(() -> !killed.files().isEmpty());
        List<ProcessHandle> workers = killed.workers();
        killed.kill();
        halfSent.cancel(true);
        await().atMost(RunningCoordinator.PATIENCE).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(killed.files()).isNotEmpty();
        killed.close();
        ofJar = null;
        Path living = Files.createDirectory(killed.shared.resolve("squares-" + UUID.randomUUID()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (FileChannel lock = FileChannel.open(
                living.resolve("lock"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            lock.lock();

            RunningCoordinator next = ofImage();

            assertThat(next.files()).isEmpty();
            assertThat(next.directories()).hasSize(2).contains(living);
            assertAnswersRight(next);
        } finally {
            FileSystemUtils.deleteRecursively(living);
        }
    }

    @Test
    @Order(WHEN_THE_SECOND_IS_THERE)
    void asManyUnreadAnswersAsConnectionsLeaveTheCoordinatorStanding() throws IOException {
        RunningCoordinator second = ofImage();
        try (UnreadAnswers unread = new UnreadAnswers(second)) {
            assertServes(second);
            // One connection is that of the client that reads.
            for (int i = 0; i < maxConnections() - 1; i++) {
                unread.add();
            }
            assertServes(second);
            // The file of the answer that was read goes once it has been sent.
            await().atMost(RunningCoordinator.PATIENCE)
                    .untilAsserted(() -> assertThat(second.files()).as("answers that are not yet sent")
                            .hasSize(unread.size()));
        }
        second.awaitNoFiles();
        assertServes(second);
    }

    private static void assertServes(RunningCoordinator coordinator) {
        assertThat(coordinator.square("?process=pooled", "[1, 2, 3, 4]").body()).contains("\"match\":true");
    }

    private static int maxConnections() throws IOException {
        return (int) new YamlPropertySourceLoader()
                .load("application", new FileSystemResource("src/main/resources/application.yaml"))
                .getFirst()
                .getProperty("server.tomcat.max-connections");
    }

    @Test
    void makesAnAotCacheInTheBackgroundFromWhichWorkersStart() throws IOException {
        RunningCoordinator coordinator = ofJar();
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

    /** So many numbers take 56 MB as an array of longs, and more in every other shape. */
    @Test
    void listsPassThroughAHeapThatCouldNotHoldThem() throws IOException {
        assertListPasses("shared-memory", 7_000_000, true);
        assertListPasses("message-passing", 1_000_000, true);
        assertListPasses("none", 1_000_000, false);
        ofJar().awaitNoFiles();
    }

    private static void assertListPasses(String ipc, long count, boolean match) throws IOException {
        HttpResponse<InputStream> response = ofJar().square("?ipc=" + ipc,
                BodyPublishers.ofInputStream(() -> new ListStream(count, PackagedJarIT::element)));
        assertThat(response.statusCode()).isEqualTo(200);
        try (InputStream answer = response.body()) {
            assertThat(readThrough(answer, "\"squares\":")).contains("\"match\":" + match, "\"count\":" + count);
            assertSquares(answer, count);
            assertThat(readThrough(answer, "\"squares\":")).contains("\"count\":" + (match ? count : 0));
            assertSquares(answer, match ? count : 0);
            assertThat(answer.readAllBytes()).asString().isEqualTo("}}\n");
        }
    }

    private static String readThrough(InputStream answer, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) == -1) {
            int next = answer.read();
            assertThat(next).as("after %s", text).isNotEqualTo(-1);
            text.append((char) next);
        }
        return text.toString();
    }

    private static void assertSquares(InputStream answer, long count) throws IOException {
        ListStream squares = new ListStream(count, index -> element(index) * element(index));
        for (byte[] part = squares.readNBytes(BLOCK); part.length > 0; part = squares.readNBytes(BLOCK)) {
            byte[] answered = answer.readNBytes(part.length);
            if (!Arrays.equals(answered, part)) {
                assertThat(answered).asString().isEqualTo(new String(part, StandardCharsets.US_ASCII));
            }
        }
    }

    /** All over the allowed range. */
    private static long element(long index) {
        return index * 2_654_435_761L % 6_074_000_999L - 3_037_000_499L;
    }
}
