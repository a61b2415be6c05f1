package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** A request is one trace, over both services and every thread. */
class WorkerServiceTracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    /** As they are in the bytes that are sent, which are a protocol buffer. */
    private static final Pattern TRACE_ID = Pattern.compile(
            Pattern.quote(new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1)));
    private static final Pattern SPAN = Pattern.compile("http (get|post|delete) ?");
    private static final Pattern JOB = Pattern.compile("http post /workers/\\{id}/square");

    private final Queue<String> received = new ConcurrentLinkedQueue<>();

    @Test
    void oneRequestIsOneTraceOverThePair() throws IOException {
        Path shared = TemporaryDirectories.create();
        HttpServer receiver = receiver();
        String[] traced = {
                "--management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:"
                        + receiver.getAddress().getPort() + "/v1/traces",
                "--management.opentelemetry.tracing.export.schedule-delay=50ms"};
        try (ConfigurableApplicationContext service = WorkerServiceBeside.workerService()
                .registerShutdownHook(false)
                .run("--server.port=0",
                        "--squares.shared-directory=" + shared,
                        "--squares.worker.cache-directory=" + TrainedCache.directory(),
                        "--squares.worker.queue-timeout=60s",
                        "--squares.lease-timeout=60s",
                        traced[0], traced[1]);
                Coordinator coordinator = Coordinator.start(shared, "--squares.worker.url=http://127.0.0.1:"
                        + ((WebServerApplicationContext) service).getWebServer().getPort(), traced[0], traced[1])) {
            Client client = coordinator.client();

            Reply reply = client.answerOf(client.post("?processes=2&process=pooled", "[1, 2, 3, 4]")
                    .header("Accept", "text/event-stream")
                    .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01"));

            assertThat(reply.text()).contains("event: result");
            Leftovers.eventually().untilAsserted(() -> {
                String coordinators = sentBy("coordinator-service");
                String workers = sentBy("worker-service");
                assertThat(coordinators).contains("http post /square");
                assertThat(count(JOB, workers)).isEqualTo(2);
                for (String spans : List.of(coordinators, workers)) {
                    assertThat(count(TRACE_ID, spans)).isEqualTo(count(SPAN, spans)).isGreaterThan(2);
                }
            });
        } finally {
            receiver.stop(0);
            FileSystemUtils.deleteRecursively(shared);
        }
        Leftovers.awaitOnlyIdleProcesses();
    }

    private HttpServer receiver() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private String sentBy(String service) {
        return String.join("", received.stream().filter(spans -> spans.contains(service)).toList());
    }

    private static long count(Pattern pattern, String text) {
        return pattern.matcher(text).results().count();
    }
}
