package dev.squares.coordinator;

import dev.squares.worker.child.Misbehaviour;
import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.parent.WorkerPool;
import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** A worker-service that comes, goes, and comes back. */
class WorkerServiceGoneTest {
    private static Path shared;
    private static ConfigurableApplicationContext service;
    private static int servicePort;
    private static ConfigurableApplicationContext coordinator;
    private static Client client;

    @BeforeAll
    static void start() {
        shared = TemporaryDirectories.create();
        startService(0);
        coordinator = new SpringApplication(CoordinatorApplication.class).run(
                "--server.port=0",
                "--squares.shared-directory=" + shared,
                "--squares.worker.url=http://127.0.0.1:" + servicePort);
        client = new Client(((WebServerApplicationContext) coordinator).getWebServer().getPort());
    }

    @AfterAll
    static void stop() throws Exception {
        try (var _ = service; var _ = coordinator) {
            Leftovers.awaitNoFiles(shared);
        } finally {
            FileSystemUtils.deleteRecursively(shared);
        }
        Leftovers.awaitOnlyIdleProcesses();
    }

    /** Where a test has failed it may be gone. */
    @BeforeEach
    void isThere() {
        if (!service.isActive()) {
            startService(servicePort);
        }
    }

    @AfterEach
    void leavesNoFile() throws IOException {
        Files.deleteIfExists(awaited());
        Leftovers.awaitNoFiles(shared);
    }

    private static Path awaited() {
        return shared.resolve("awaited");
    }

    private static void startService(int port) {
        service = WorkerServiceBeside.workerService(WorkerServiceBeside.Misbehaving.Workers.class)
                .run("--server.port=" + port,
                        "--squares.shared-directory=" + shared,
                        "--squares.worker.cache-directory=" + TrainedCache.directory(),
                        "--squares.worker.standby=1",
                        "--server.shutdown=immediate");
        servicePort = ((WebServerApplicationContext) service).getWebServer().getPort();
    }

    @Test
    void saysThatThereIsNoWorkerUntilItIsBack() {
        client.square("", "[2]").requireOk();
        service.close();

        Reply refused = client.square("", "[2]");
        refused.requireProblem(503, "no-worker-available");
        assertThat(refused.header("Retry-After")).isNotEmpty();
        assertThat(refused.json().get("detail").stringValue()).contains("worker-service cannot be reached");
        assertThat(client.get("/readyz").status()).isEqualTo(503);
        assertThat(client.reply(client.request("/actuator/health")).text())
                .contains("\"workerService\":\"cannot be reached\"");
        assertThat(client.get("/livez").status()).isEqualTo(200);

        startService(servicePort);
        assertThat(client.square("", "[2]").requireOk().parent().squares()).containsExactly(4);
        Leftovers.eventually().until(() -> client.get("/readyz").status() == 200);
    }

    /** As when the service was started anew behind one address: it knows nothing of the connections to the one before. */
    @Test
    void asksOnceMoreOnAnotherConnectionWhereOneThatWasKeptIsDead() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(servicePort);
                Coordinator behindProxy = Coordinator.start(
                        shared, "--squares.worker.url=http://127.0.0.1:" + proxy.port())) {
            for (int i = 0; i < 5; i++) {
                behindProxy.client().square("", "[2]").requireOk();
                proxy.cutKeptConnectionsAtTheirNextRequest();
            }
            assertThat(proxy.cut()).isPositive();
        }
    }

    @Test
    void saysThatAWorkerIsLostWithIt() throws Exception {
        client.square("", "[2]").requireOk();
        CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(
                () -> client.square("", Misbehaviour.WAIT_FOR_THE_TEST.list()));
        Leftovers.eventually()
                .until(() -> service.getBean(WorkerPool.class).status().busy() == 1);
        service.close();

        JsonNode problem = reply.join().requireAnyProblem();

        assertThat(reply.join().status()).isIn(502, 503);
        assertThat(problem.get("action").stringValue()).startsWith("Send the list again");
        startService(servicePort);
        Files.createFile(awaited());
        client.square("", "[2]").requireOk();
    }
}
