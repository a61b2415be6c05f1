package dev.squares.workerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.Quota;
import dev.squares.worker.parent.WorkerPool;
import dev.squares.worker.testing.SharedMemoryDirectory;
import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A worker-service of two workers, on a port and in directories of its own, with no worker held after any test. */
@SpringBootTest(classes = WorkerApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = WorkerServiceTest.TemporaryDirectories.class)
// One service for all tests that want nothing else of it.
@TestPropertySource(properties = {
        "squares.worker.max-processes=2",
        "squares.worker.queue-timeout=2s",
        // However long a test takes from one request to the next.
        "squares.lease-timeout=60s"
})
abstract class WorkerServiceTest {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** As a coordinator writes it: what is not said is left out. */
    static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(Include.NON_NULL))
            .build();
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static {
        // Most of what is waited for is there in a few milliseconds.
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    }

    @LocalServerPort
    int port;

    @Autowired
    ServiceProperties properties;

    @Autowired
    WorkerPool pool;

    /** What a coordinator has of its own in the shared directory. */
    Path coordinators;

    static final class TemporaryDirectories implements ApplicationContextInitializer<ConfigurableApplicationContext> {
        @Override
        public void initialize(ConfigurableApplicationContext context) {
            try {
                Path shared = SharedMemoryDirectory.create();
                TestPropertyValues
                        .of("squares.shared-directory=" + shared,
                                "squares.worker.cache-directory=" + TrainedCache.directory())
                        .applyTo(context);
                ((DefaultSingletonBeanRegistry) context.getBeanFactory()).registerDisposableBean(
                        "temporaryDirectories", () -> FileSystemUtils.deleteRecursively(shared));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void beACoordinator() throws IOException {
        coordinators = directory();
        await().atMost(PATIENCE).until(() -> pool.status().ready());
    }

    @AfterEach
    void holdsNoWorker() throws IOException {
        await().atMost(PATIENCE).until(() -> pool.status().busy() == 0 && pool.status().starting() == 0);
        FileSystemUtils.deleteRecursively(coordinators);
    }

    /** One as coordinators make them. */
    Path directory() throws IOException {
        Path directory = properties.sharedDirectory().resolve("squares-" + UUID.randomUUID());
        return Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    Path mappedFile(long... inputs) {
        return mappedFileIn(coordinators, inputs);
    }

    Path mappedFileIn(Path directory, long... inputs) {
        Path file = directory.resolve(UUID.randomUUID().toString());
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            for (long input : inputs) {
                writer.add(input);
            }
            writer.complete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** The id of a worker that has been taken. */
    String take(String process) {
        HttpResponse<String> taken = post("/workers", "{\"process\":\"" + process + "\"}");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        String id = json(taken).get("id").stringValue();
        assertThat(taken.headers().firstValue("Location")).contains("http://127.0.0.1:" + port + "/workers/" + id);
        return id;
    }

    HttpResponse<String> square(String worker, Path file) {
        return square(worker, order(file.getParent().getFileName().toString(), file.getFileName().toString()));
    }

    HttpResponse<String> square(String worker, String order) {
        return post("/workers/" + worker + "/square", order);
    }

    static String order(String directory, String file) {
        return order(directory, file, 1_000_000);
    }

    static String order(String directory, String file, long maxReportBytes) {
        return JSON.writeValueAsString(
                new JobRequest(directory, file, "shared", "full", maxReportBytes, null, null, null, null, null));
    }

    HttpResponse<String> post(String path, String body) {
        HttpResponse<String> response = send(
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
        WorkerContract.requireKept(body, response);
        return response;
    }

    HttpResponse<String> get(String path) {
        return send(request(path));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            WorkerContract.requireKept(response);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static JsonNode requireProblem(HttpResponse<String> response, int status, String slug) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("type").stringValue()).isEqualTo("urn:squares:problem:" + slug);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        for (String member : new String[]{"title", "detail", "instance", "action"}) {
            assertThat(problem.path(member).stringValue("")).as(member + " of " + problem).isNotBlank();
        }
        return problem;
    }
}
