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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both services, each in a process of its own. */
class PairIT {
    @TempDir
    static Path sharedFolder;

    /** From the extracted layout, as in the image. */
    private static RunningCoordinator sharedWorker;
    private static RunningCoordinator sharedCoordinator;

    @TempDir
    Path folder;

    @BeforeAll
    static void startPair() throws IOException {
        sharedWorker = startWorkerService(sharedFolder, RunningCoordinator.Extracted.WORKER_SERVICE);
        sharedCoordinator = RunningCoordinator.start(sharedFolder, urlOf(sharedWorker));
    }

    @AfterAll
    static void endPair() {
        for (RunningCoordinator running : new RunningCoordinator[]{sharedCoordinator, sharedWorker}) {
            if (running != null) {
                running.close();
            }
        }
    }

    @Test
    void theCoordinatorForksNothingAndAnswersAsBefore() throws IOException {
        try (RunningCoordinator worker = startWorkerService(folder, RunningCoordinator.WORKER_JAR);
                RunningCoordinator coordinator = RunningCoordinator.start(
                        folder, RunningCoordinator.JAR, RunningCoordinator.QUICK_START, urlOf(worker))) {
            worker.awaitWorkers(2);
            assertAnswersRight(coordinator);
            assertThat(coordinator.workers()).isEmpty();

            HttpResponse<InputStream> answer = coordinator.square(
                    "", BodyPublishers.ofInputStream(() -> new ListStream(500_000, i -> i)));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(new String(answer.body().readAllBytes())).contains("\"match\":true", ",249999000001]");
            coordinator.awaitNoFiles();
        }
    }

    @Test
    void answersWhileTheWorkerServiceIsGoneAndWhenItIsBack() throws IOException {
        sharedWorker.awaitWorkers(2);
        List<ProcessHandle> children = sharedWorker.workers();

        sharedWorker.close();

        await().atMost(RunningCoordinator.PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        HttpResponse<String> refused = sharedCoordinator.square("", "[2]");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(sharedCoordinator.get("/readyz").statusCode()).isEqualTo(503);

        URI address = sharedWorker.base();
        sharedWorker = startWorkerService(
                sharedFolder, RunningCoordinator.Extracted.WORKER_SERVICE, "-Dserver.port=" + address.getPort());
        assertThat(sharedWorker.base()).isEqualTo(address);
        assertAnswersRight(sharedCoordinator);
    }

    @Test
    void findsAWorkerServiceAtOnceWhoseNameWasUnknownForAWhile() throws IOException {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 worker.test\n");
        List<String> options = new ArrayList<>(RunningCoordinator.QUICK_START);
        options.add("-Djdk.net.hosts.file=" + hosts);
        String secret = "-Dsquares.worker.secret=" + UUID.randomUUID();
        options.add(secret);
        // Bound to the loopback address, it would not answer to this name.
        try (RunningCoordinator worker = startWorkerService(folder, RunningCoordinator.Extracted.WORKER_SERVICE,
                "-Dserver.address=0.0.0.0", secret);
                RunningCoordinator coordinator = RunningCoordinator.start(
                        folder, RunningCoordinator.Extracted.COORDINATOR, options,
                        "--squares.worker.url=http://worker.test:" + worker.base().getPort())) {
            assertAnswersRight(coordinator);

            Files.writeString(hosts, "\n");
            await().atMost(RunningCoordinator.PATIENCE)
                    .until(() -> coordinator.square("", "[2]").statusCode() == 503);
            Files.writeString(hosts, "127.0.0.1 worker.test\n");

            assertAnswersRight(coordinator);
        }
    }

    /** There its manifest names every library of the service. */
    @Test
    void childrenOfAnExtractedWorkerServiceHaveTheirOwnClassesAlone() {
        sharedWorker.awaitWorkers(2);
        String[] arguments = sharedWorker.workers().getFirst().info().arguments().orElseThrow();
        assertThat(arguments[List.of(arguments).indexOf("-cp") + 1])
                .matches(".*/worker-cache/worker-[0-9a-f]+\\.jar");
        assertAnswersRight(sharedCoordinator);
    }

    private static RunningCoordinator startWorkerService(Path folder, Path jar, String... jvmOptions)
            throws IOException {
        List<String> options = new ArrayList<>(RunningCoordinator.QUICK_START);
        options.addAll(List.of(jvmOptions));
        return RunningCoordinator.start(folder, jar, options);
    }

    private static String urlOf(RunningCoordinator worker) {
        return "--squares.worker.url=" + worker.base();
    }

    private static void assertAnswersRight(RunningCoordinator coordinator) {
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
