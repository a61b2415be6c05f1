package dev.squares.coordinator.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both services, each in a process of its own. */
class PairIT {
    @TempDir
    Path folder;

    @Test
    void theCoordinatorForksNothingAndAnswersAsBefore() throws IOException {
        try (RunningCoordinator worker = startWorkerService(RunningCoordinator.WORKER_JAR);
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
        try (RunningCoordinator worker = startWorkerService(RunningCoordinator.Extracted.WORKER_SERVICE);
                RunningCoordinator coordinator = startCoordinator(worker)) {
            worker.awaitWorkers(2);
            List<ProcessHandle> children = worker.workers();

            worker.kill();

            await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
            HttpResponse<String> refused = coordinator.square("", "[2]");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(coordinator.get("/readyz").statusCode()).isEqualTo(503);

            try (RunningCoordinator back = startWorkerService(
                    RunningCoordinator.Extracted.WORKER_SERVICE, "-Dserver.port=" + worker.base().getPort())) {
                assertThat(back.base()).isEqualTo(worker.base());
                assertAnswersRight(coordinator);
            }
        }
    }

    @Test
    void findsAWorkerServiceAtOnceWhoseNameWasUnknownForAWhile() throws IOException {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 worker.test\n");
        List<String> options = new ArrayList<>(RunningCoordinator.QUICK_START);
        options.add("-Djdk.net.hosts.file=" + hosts);
        String secret = "-Dsquares.worker.secret=" + UUID.randomUUID();
        options.add(secret);
        // Bound to the loopback address, it would not answer to this name.
        try (RunningCoordinator worker = startWorkerService(RunningCoordinator.Extracted.WORKER_SERVICE,
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
    void childrenOfAnExtractedWorkerServiceHaveTheirOwnClassesAlone() throws IOException {
        try (RunningCoordinator worker = startWorkerService(RunningCoordinator.Extracted.WORKER_SERVICE);
                RunningCoordinator coordinator = startCoordinator(worker)) {
            worker.awaitWorkers(2);
            String[] arguments = worker.workers().getFirst().info().arguments().orElseThrow();
            assertThat(arguments[List.of(arguments).indexOf("-cp") + 1])
                    .matches(".*/worker-cache/worker-[0-9a-f]+\\.jar");
            assertAnswersRight(coordinator);
        }
    }

    private RunningCoordinator startWorkerService(Path jar, String... jvmOptions) throws IOException {
        List<String> options = new ArrayList<>(RunningCoordinator.QUICK_START);
        options.addAll(List.of(jvmOptions));
        return RunningCoordinator.start(folder, jar, options);
    }

    private RunningCoordinator startCoordinator(RunningCoordinator worker) throws IOException {
        return RunningCoordinator.start(folder, urlOf(worker));
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
