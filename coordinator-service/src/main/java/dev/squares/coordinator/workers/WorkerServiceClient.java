package dev.squares.coordinator.workers;

import dev.squares.service.pool.WorkerProperties;
import dev.squares.worker.parent.ProcessKind;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.json.JsonMapper;

/** The requests that worker-service takes. All of them throw a {@link RestClientException} where the answer is an error. */
final class WorkerServiceClient implements AutoCloseable {
    /** For what worker-service answers at once, and for the way there and back of all else. */
    private static final Duration PROMPT = Duration.ofSeconds(3);

    /** Who asks for this service's health waits no longer. */
    private static final Duration HEALTH = Duration.ofSeconds(2);

    /** A worker that was taken: where it is used, and its process id there. */
    record LeaseLocation(URI address, long pid) {}

    private final URI url;
    /** What an exchange does goes from thread to thread, and a virtual one is woken at half the price. */
    private final ExecutorService exchanges = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;
    private final RestClient looking;
    private final RestClient asking;
    private final RestClient taking;
    private final RestClient working;

    /** @param observations what a trace goes on through, to worker-service */
    WorkerServiceClient(URI url, @Nullable String secret, WorkerProperties worker, ObservationRegistry observations) {
        this.url = url;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PROMPT)
                .executor(exchanges)
                .build();
        RestClient.Builder clients = RestClient.builder()
                .baseUrl(url)
                .observationRegistry(observations)
                .requestInterceptor(new RetryOnce())
                .configureMessageConverters(converters -> converters.disableDefaults()
                        .withJsonConverter(new JacksonJsonHttpMessageConverter(new JsonMapper())));
        if (secret != null) {
            clients.defaultHeaders(headers -> headers.setBearerAuth(secret));
        }
        looking = patient(clients, HEALTH);
        asking = patient(clients, PROMPT);
        taking = patient(clients, worker.queueTimeout().plus(PROMPT));
        // A job ends within its deadline and two graces.
        working = patient(clients, worker.timeout().plus(worker.killGrace().multipliedBy(2)).plus(PROMPT));
    }

    /** @param patience how long an exchange may take, to the last byte of its answer */
    private RestClient patient(RestClient.Builder clients, Duration patience) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(patience);
        return clients.clone().requestFactory(requests).build();
    }

    /** Returns if workers can be had. */
    void requireReady() {
        looking.get().uri("/workers").retrieve().toBodilessEntity();
    }

    LeaseLocation take(ProcessKind kind) {
        return take(kind, 1).getFirst();
    }

    /** Takes several, all at once or none. */
    List<LeaseLocation> take(ProcessKind kind, int workers) {
        String process = switch (kind) {
            case FRESH -> "fresh";
            case POOLED -> "pooled";
        };
        ResponseEntity<LeaseGrant> answer = taking.post()
                .uri("/workers")
                .contentType(MediaType.APPLICATION_JSON)
                .body(workers == 1 ? Map.of("process", process) : Map.of("process", process, "workers", workers))
                .retrieve()
                .toEntity(LeaseGrant.class);
        LeaseGrant worker = Objects.requireNonNull(answer.getBody());
        String location = answer.getHeaders().getFirst(HttpHeaders.LOCATION);
        URI first = worker.address(url, location);
        return Stream.concat(Stream.of(worker), worker.others().stream())
                .map(lent -> new LeaseLocation(first.resolve(lent.id().toString()), lent.pid()))
                .toList();
    }

    /** Gives a worker its job. The answer is to be closed, and may be an error. */
    ConvertibleClientHttpResponse square(LeaseLocation worker, JobRequest job) {
        return working.post()
                .uri(URI.create(worker.address() + "/square"))
                .contentType(MediaType.APPLICATION_JSON)
                .body(job)
                .exchangeForRequiredValue((_, response) -> response, false);
    }

    /** Has a worker on an explained job go on. */
    void goOn(LeaseLocation worker) {
        asking.post().uri(URI.create(worker.address() + "/word")).retrieve().toBodilessEntity();
    }

    LeaseState state(LeaseLocation worker) {
        return asking.get().uri(worker.address()).retrieve().requiredBody(LeaseState.class);
    }

    void kill(LeaseLocation worker) {
        asking.delete().uri(worker.address()).retrieve().toBodilessEntity();
    }

    @Override
    public void close() {
        http.shutdownNow();
        exchanges.shutdownNow();
    }
}
