package dev.squares.coordinator.workers;

import dev.squares.worker.fork.Ending;
import dev.squares.worker.fork.GarbledReportException;
import dev.squares.worker.fork.NoWorkerAvailableException;
import dev.squares.worker.fork.ProcessKind;
import dev.squares.worker.fork.ReportReader;
import dev.squares.worker.fork.ReportStream;
import dev.squares.worker.memory.Job;
import dev.squares.worker.service.HeldWorkerState;
import dev.squares.worker.service.JobOrder;
import dev.squares.worker.service.TakenWorker;
import dev.squares.worker.service.WireFormat;
import dev.squares.worker.service.Words;
import dev.squares.worker.service.WorkerProperties;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.HttpServerErrorException.ServiceUnavailable;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Workers that are worker-service's children. It has the shared directory in common with this process, so that nothing but names
 * and reports go over the wire.
 */
final class RemoteWorkers implements Workers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteWorkers.class);

    /** For what worker-service answers at once, and for the way there and back of all else. */
    private static final Duration PROMPT = Duration.ofSeconds(3);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PROMPT)
            .build();
    private final AtomicBoolean reachable = new AtomicBoolean(true);
    private final RestClient asking;
    private final RestClient taking;
    private final RestClient working;

    RemoteWorkers(WorkerProperties properties, URI url) {
        asking = client(url, PROMPT);
        taking = client(url, properties.queueTimeout().plus(PROMPT));
        // A job ends within its deadline and two graces.
        working = client(url, properties.timeout().plus(properties.killGrace().multipliedBy(2)).plus(PROMPT));
    }

    /** @param patience how long an exchange may take, to the last byte of its answer */
    private RestClient client(URI url, Duration patience) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(patience);
        JsonMapper.Builder json = JsonMapper.builder();
        WireFormat.addTo(json);
        return RestClient.builder()
                .baseUrl(url)
                .requestFactory(requests)
                .configureMessageConverters(converters -> converters.disableDefaults()
                        .withJsonConverter(new JacksonJsonHttpMessageConverter(json.build())))
                .build();
    }

    @Override
    public HeldWorker take(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        try {
            ResponseEntity<TakenWorker> taken = taking.post()
                    .uri("/workers?process={kind}", Words.of(kind))
                    .retrieve()
                    .toEntity(TakenWorker.class);
            if (!reachable.getAndSet(true)) {
                LOG.info("worker-service is back");
            }
            return new RemoteWorker(taken);
        } catch (ServiceUnavailable e) {
            throw new NoWorkerAvailableException("worker-service had none in time");
        } catch (RestClientException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while a worker was waited for");
            }
            // Once, and not with every request that needs a worker.
            if (reachable.getAndSet(false)) {
                LOG.warn("No worker can be taken from worker-service: {}", e.toString());
            }
            throw new NoWorkerAvailableException("worker-service cannot be reached");
        }
    }

    /** Whether worker-service can be reached, and is ready itself. */
    Health health() {
        try {
            asking.get().uri("/readyz").retrieve().toBodilessEntity();
            return Health.up().withDetail("workerService", "ready").build();
        } catch (ServiceUnavailable e) {
            return Health.outOfService().withDetail("workerService", "not ready").build();
        } catch (RestClientException e) {
            return Health.outOfService().withDetail("workerService", "cannot be reached").build();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private final class RemoteWorker implements HeldWorker {
        private final String address;
        private final long pid;
        /** Whether worker-service still takes the worker for held. */
        private boolean held = true;

        /** Whatever follows goes to where the answer says the worker is: the URL may be a name for several services. */
        RemoteWorker(ResponseEntity<TakenWorker> taken) {
            TakenWorker worker = Objects.requireNonNull(taken.getBody());
            URI location = taken.getHeaders().getLocation();
            this.address = location == null ? "/workers/" + worker.id() : location.toString();
            this.pid = worker.pid();
        }

        @Override
        public Ending run(Job job, long maxReportBytes, ReportReader reader) throws IOException {
            ConvertibleClientHttpResponse answer;
            try {
                answer = working.post()
                        .uri(address + "/square")
                        .body(JobOrder.of(job, maxReportBytes))
                        .exchangeForRequiredValue((_, response) -> response, false);
            } catch (RestClientException e) {
                LOG.warn("A job was not taken by worker-service: {}", e.toString());
                return lost("worker-service cannot be reached");
            }
            try (answer; InputStream body = answer.getBody()) {
                return answer.getStatusCode().is2xxSuccessful()
                        ? read(body, maxReportBytes, reader)
                        : noReport(answer);
            }
        }

        /** Reads a report as from the child itself: it is whole if it has its line end. */
        private Ending read(InputStream body, long maxReportBytes, ReportReader reader) throws IOException {
            InputStream line = new EndingWhereItBreaks(body);
            ReportStream report = new ReportStream(line, maxReportBytes);
            try {
                reader.read(report);
                report.finish();
                // Nothing follows but the end of the answer: only a connection on which that has been read is used
                // again.
                line.readNBytes(1);
                held = false;
                return new Ending.Reported();
            } catch (GarbledReportException e) {
                return lost("it sent something that is not a report");
            } catch (IOException e) {
                if (report.isSound()) {
                    throw e;
                }
                return ending("its report broke off");
            }
        }

        private Ending noReport(ConvertibleClientHttpResponse answer) throws IOException {
            Ending ending = ending("worker-service answered " + answer.getStatusCode().value());
            if (ending instanceof Ending.Lost) {
                LOG.warn("A job was refused by worker-service: {}", answer.createException().getMessage());
            }
            return ending;
        }

        /** How worker-service says that the job ended. */
        private Ending ending(String otherwise) {
            try {
                HeldWorkerState state = asking.get()
                        .uri(address)
                        .retrieve()
                        .requiredBody(HeldWorkerState.class);
                if (state.ending() != null) {
                    held = false;
                    return state.ending();
                }
            } catch (RestClientException e) {
                LOG.warn("The ending of a job is not known to worker-service: {}", e.toString());
            }
            return lost(otherwise);
        }

        private Ending lost(String problem) {
            return new Ending.Lost(pid, problem);
        }

        @Override
        public void cancel() {
            kill();
        }

        @Override
        public void close() {
            if (held) {
                kill();
            }
        }

        /** Nobody waits for what it does any more. */
        private void kill() {
            try {
                asking.delete().uri(address).retrieve().toBodilessEntity();
            } catch (RestClientException e) {
                LOG.warn("A worker was not killed by worker-service: {}", e.toString());
            }
        }
    }

    /** Ends where the connection breaks, as a child's standard output ends where the child does. */
    private static final class EndingWhereItBreaks extends FilterInputStream {
        EndingWhereItBreaks(InputStream body) {
            super(body);
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            try {
                return super.read(to, offset, length);
            } catch (IOException e) {
                LOG.debug("The connection to worker-service broke", e);
                return -1;
            }
        }
    }
}
