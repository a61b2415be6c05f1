package dev.squares.coordinator.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.squares.service.pool.WorkerProperties;
import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import dev.squares.worker.parent.ProcessKind;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.health.contributor.Status;

/** What is said on the connection to a worker-service, of which only the answers are made up. */
@Execution(ExecutionMode.CONCURRENT)
class RemoteWorkersWireTest {
    private static final String ID = "0a1b2c3d-0000-4000-8000-00000000000f";
    private static final Job JOB = new Job(
            Path.of("/dev/shm/squares-x/file-y"), Job.Mapping.PRIVATE, Job.View.SUMMARY);

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private WorkerServiceClient client;
    private RemoteWorkers workers;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        client = clientOf(server.getAddress().getPort());
        workers = new RemoteWorkers(client);
    }

    private static WorkerServiceClient clientOf(int port) {
        URI url = URI.create("http://127.0.0.1:" + port);
        return new WorkerServiceClient(url, "s3cret", new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("squares.worker", WorkerProperties.class), ObservationRegistry.NOOP);
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private void answer(String path, int status, String body, String... location) {
        server.createContext(path, exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            for (String some : location) {
                exchange.getResponseHeaders().set("Location", some);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @Test
    void saysWhatItWantsInJsonWithTheSecretAndFollowsNoStrangeLocation() throws Exception {
        answer("/workers", 201, "{\"id\":\"" + ID + "\",\"pid\":7,\"new\":true}",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/strange/" + ID);
        answer("/workers/" + ID + "/square", 200, "{}\n");

        try (Workers.Lease worker = workers.take(ProcessKind.POOLED)) {
            assertThat(worker.run(JOB, 99, report -> report.readAllBytes())).isInstanceOf(Outcome.Reported.class);
        }

        assertThat(requests).containsExactly(
                "POST /workers Bearer s3cret {\"process\":\"pooled\"}",
                "POST /workers/" + ID + "/square Bearer s3cret {\"directory\":\"squares-x\",\"file\":\"file-y\","
                        + "\"mapping\":\"private\",\"view\":\"summary\",\"maxReportBytes\":99}");
    }

    /** As when the service was started anew behind one address: it knows nothing of the connections to the one before. */
    @Test
    void asksOnceMoreOnAnotherConnectionWhereOneThatWasKeptIsDead() throws Exception {
        answer("/workers", 201, "{\"id\":\"" + ID + "\",\"pid\":7}");
        answer("/workers/" + ID + "/square", 200, "{}\n");
        try (CuttingProxy proxy = new CuttingProxy(server.getAddress().getPort());
                WorkerServiceClient behindProxy = clientOf(proxy.port())) {
            Workers there = new RemoteWorkers(behindProxy);
            for (int i = 0; i < 5; i++) {
                try (Workers.Lease worker = there.take(ProcessKind.FRESH)) {
                    proxy.cutKeptConnectionsAtTheirNextRequest();
                    assertThat(worker.run(JOB, 99, report -> report.readAllBytes()))
                            .isInstanceOf(Outcome.Reported.class);
                }
                proxy.cutKeptConnectionsAtTheirNextRequest();
            }
            assertThat(proxy.cut()).isGreaterThan(1);
        }
    }

    @Test
    void givesTheJobToAnotherWorkerWhereTheLeaseEndedBeforeItCame() throws Exception {
        answer("/workers", 201, "{\"id\":\"" + ID + "\",\"pid\":7}");
        answer("/workers/" + ID + "/square", 404, "{}");
        Workers.Lease worker = workers.take(ProcessKind.FRESH);
        server.removeContext("/workers");
        String other = ID.replace('f', 'e');
        answer("/workers", 201, "{\"id\":\"" + other + "\",\"pid\":8}");
        answer("/workers/" + other + "/square", 200, "{}\n");

        assertThat(worker.run(JOB, 99, report -> report.readAllBytes())).isInstanceOf(Outcome.Reported.class);
        worker.close();

        assertThat(requests).extracting(request -> request.split(" ")[1])
                .containsExactly("/workers", "/workers/" + ID + "/square", "/workers", "/workers/" + other + "/square");
    }

    @Test
    void saysWhatWorkerServiceAnsweredWhereItLendsNoOther() throws Exception {
        answer("/workers", 201, "{\"id\":\"" + ID + "\",\"pid\":7}");
        answer("/workers/" + ID, 404, "{}");
        try (Workers.Lease worker = workers.take(ProcessKind.FRESH)) {
            server.removeContext("/workers");
            answer("/workers", 503, "{}");

            assertThat(worker.run(JOB, 99, report -> report.readAllBytes()))
                    .isEqualTo(new Outcome.Lost(7, "worker-service answered 503"));
        }
    }

    @Test
    void takesNoOtherWorkerForAJobThatWasCancelledBeforeItCame() throws Exception {
        answer("/workers", 201, "{\"id\":\"" + ID + "\",\"pid\":7}");
        answer("/workers/" + ID, 404, "{}");
        answer("/workers/" + ID + "/square", 404, "{}");

        try (Workers.Lease worker = workers.take(ProcessKind.FRESH)) {
            worker.cancel();

            assertThat(worker.run(JOB, 99, report -> report.readAllBytes())).isInstanceOf(Outcome.Lost.class);
        }

        assertThat(requests).filteredOn(request -> request.startsWith("POST /workers ")).hasSize(1);
    }

    @Test
    void learnsHowAJobEnded() throws Exception {
        answer("/workers", 201, "{\"id\":\"" + ID + "\",\"pid\":7}");
        answer("/workers/" + ID + "/square", 504, "{}");
        answer("/workers/" + ID, 200, "{\"id\":\"" + ID + "\",\"pid\":7,\"ending\":{\"word\":\"timed-out\","
                + "\"exitCode\":137,\"killed\":true,\"outOfMemory\":false,\"ranForMillis\":31,\"timeoutMillis\":30}}");

        try (Workers.Lease worker = workers.take(ProcessKind.FRESH)) {
            Outcome outcome = worker.run(JOB, 99, report -> report.readAllBytes());

            assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
            assertThat(outcome.toString()).contains("pid=7", "exitCode=137", "SIGKILL, sent by the parent",
                    "stderr: (see the log of worker-service)");
        }

        assertThat(requests).noneMatch(request -> request.startsWith("DELETE"));
    }

    @Test
    void killsAWorkerOfWhichNothingIsKnown() throws Exception {
        answer("/workers", 201, "{\"id\":\"" + ID + "\",\"pid\":7}");
        answer("/workers/" + ID + "/square", 500, "{}");
        answer("/workers/" + ID, 200, "{\"id\":\"" + ID + "\",\"pid\":7,\"ending\":null}");

        try (Workers.Lease worker = workers.take(ProcessKind.FRESH)) {
            assertThat(worker.run(JOB, 99, report -> report.readAllBytes())).isInstanceOf(Outcome.Lost.class);
        }

        assertThat(requests.getLast()).startsWith("DELETE /workers/" + ID + " Bearer s3cret");
    }

    @Test
    void isNotReadyWhereTheServiceWouldLendNoWorker() {
        answer("/workers", 401, "{}");

        assertThat(workers.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(workers.health().getDetails()).containsEntry("workerService", "answered 401");
        assertThatThrownBy(() -> workers.take(ProcessKind.FRESH))
                .isInstanceOf(NoWorkerAvailableException.class)
                .hasMessageContaining("worker-service answered 401");
    }
}
