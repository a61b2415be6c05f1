package dev.squares.coordinator.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both services, each in a process of its own, which all tests ask: each takes seconds to start. */
class PairIT {
    private static final String SECRET = "-Dsquares.worker.secret=" + UUID.randomUUID();

    @TempDir
    static Path folder;

    private static RunningCoordinator worker;
    private static RunningCoordinator coordinator;

    @BeforeAll
    static void startPair() throws IOException {
        knowTheWorkerServicesName();
        worker = startWorkerService(RunningCoordinator.WORKER_JAR, 0);
        coordinator = RunningCoordinator.start(folder, RunningCoordinator.Extracted.COORDINATOR,
                List.of("-Djdk.net.hosts.file=" + hosts(), SECRET),
                "--squares.worker.url=http://worker.test:" + worker.base().getPort());
    }

    @AfterAll
    static void endPair() {
        for (RunningCoordinator running : new RunningCoordinator[]{coordinator, worker}) {
            if (running != null) {
                running.close();
            }
        }
    }

    @Test
    void theCoordinatorForksNothingAndAnswersAsBefore() throws IOException {
        worker.awaitWorkers(2);
        assertAnswersRight();
        assertThat(coordinator.workers()).isEmpty();

        HttpResponse<InputStream> answer = coordinator.square(
                "", BodyPublishers.ofInputStream(() -> new ListStream(500_000, i -> i)));
        long last = 499_999 % ListStream.PERIOD;
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new String(answer.body().readAllBytes())).contains("\"match\":true", "," + last * last + "]");
        coordinator.awaitNoFiles();
    }

    @Test
    void answersWhileTheWorkerServiceIsGoneAndWhenItIsBackFromTheExtractedLayout() throws IOException {
        worker.awaitWorkers(2);
        List<ProcessHandle> children = worker.workers();
        assertAnswersRight();

        worker.close();

        await().atMost(RunningCoordinator.PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        HttpResponse<String> refused = coordinator.square("", "[2]");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(coordinator.get("/readyz").statusCode()).isEqualTo(503);

        URI address = worker.base();
        worker = startWorkerService(RunningCoordinator.Extracted.WORKER_SERVICE, address.getPort());
        assertThat(worker.base()).isEqualTo(address);
        assertAnswersRight();
        assertChildrenHaveTheirOwnClassesAlone();
    }

    /** The manifest of an extracted service names every library. */
    private static void assertChildrenHaveTheirOwnClassesAlone() {
        worker.awaitWorkers(2);
        String[] arguments = worker.workers().getFirst().info().arguments().orElseThrow();
        assertThat(arguments[List.of(arguments).indexOf("-cp") + 1])
                .matches(".*/worker-cache/worker-[0-9a-f]+\\.jar");
    }

    @Test
    void findsAWorkerServiceAtOnceWhoseNameWasUnknownForAWhile() throws IOException {
        assertAnswersRight();

        Files.writeString(hosts(), "\n");
        await().atMost(RunningCoordinator.PATIENCE)
                .until(() -> coordinator.square("", "[2]").statusCode() == 503);
        knowTheWorkerServicesName();

        assertAnswersRight();
    }

    private static void knowTheWorkerServicesName() throws IOException {
        Files.writeString(hosts(), "127.0.0.1 worker.test\n");
    }

    private static Path hosts() {
        return folder.resolve("hosts");
    }

    private static RunningCoordinator startWorkerService(Path jar, int port) throws IOException {
        // Bound to the loopback address, it would not answer to its name.
        return RunningCoordinator.start(
                folder, jar, List.of("-Dserver.port=" + port, "-Dserver.address=0.0.0.0", SECRET));
    }

    private static void assertAnswersRight() {
        for (String process : List.of("fresh", "pooled")) {
            assertThat(coordinator.square("?process=" + process, "[1, 2, 3, 4]").body())
                    .contains("\"match\":true", "\"parentObserved\":{\"pid\":" + coordinator.handle().pid()
                            + ",\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}");
            assertThat(coordinator.square("?ipc=message-passing&process=" + process, "[1, 2, 3, 4]").body())
                    .contains("\"match\":true");
            assertThat(coordinator.square("?ipc=none&process=" + process, "[1, 2, 3, 4]").body())
                    .contains("\"match\":false", "\"squares\":[]");
        }
    }
}
