package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.child.Misbehaviour;
import dev.squares.worker.parent.WorkerPool;
import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** A worker-service that comes, goes, and comes back. */
class WorkerServiceGoneTest {
    private final Path shared = TemporaryDirectories.create();
    private ConfigurableApplicationContext service = startService(0);

    @AfterEach
    void stop() throws IOException {
        service.close();
        FileSystemUtils.deleteRecursively(shared);
        Leftovers.awaitOnlyIdleProcesses();
    }

    private ConfigurableApplicationContext startService(int port) {
        return WorkerServiceBeside.workerService(WorkerServiceBeside.Misbehaving.Workers.class)
                .run("--server.port=" + port,
                        "--squares.shared-directory=" + shared,
                        "--squares.worker.cache-directory=" + TrainedCache.directory(),
                        "--squares.worker.standby=1",
                        "--server.shutdown=immediate");
    }

    @Test
    void saysThatAWorkerIsLostWithItAndThatThereIsNoneUntilItIsBack() throws Exception {
        int port = ((WebServerApplicationContext) service).getWebServer().getPort();
        try (Coordinator coordinator = Coordinator.start(shared, "--squares.worker.url=http://127.0.0.1:" + port)) {
            Client client = coordinator.client();
            client.square("", "[2]").requireOk();
            CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(
                    () -> client.square("", Misbehaviour.WAIT_FOR_THE_TEST.list()));
            Leftovers.eventually()
                    .until(() -> service.getBean(WorkerPool.class).status().busy() == 1);
            service.close();

            JsonNode lost = reply.join().requireAnyProblem();

            assertThat(reply.join().status()).isIn(502, 503);
            assertThat(lost.get("action").stringValue()).startsWith("Send the list again");

            Reply refused = client.square("", "[2]");
            refused.requireProblem(503, "no-worker-available");
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(refused.json().get("detail").stringValue()).contains("worker-service cannot be reached");
            assertThat(client.get("/readyz").status()).isEqualTo(503);
            assertThat(client.reply(client.request("/actuator/health")).text())
                    .contains("\"workerService\":\"cannot be reached\"");
            assertThat(client.get("/livez").status()).isEqualTo(200);

            service = startService(port);
            Files.createFile(shared.resolve("awaited"));
            assertThat(client.square("", "[2]").requireOk().parent().squares()).containsExactly(4);
            Leftovers.eventually().until(() -> client.get("/readyz").status() == 200);
            Leftovers.awaitNoFiles(shared);
        }
    }
}
