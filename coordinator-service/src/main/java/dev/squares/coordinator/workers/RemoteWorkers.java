package dev.squares.coordinator.workers;

import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.ProcessKind;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.web.client.HttpClientErrorException.BadRequest;
import org.springframework.web.client.HttpServerErrorException.ServiceUnavailable;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * Workers that are worker-service's children. It has the shared directory in common with this process, so that nothing but names
 * and reports go over the wire.
 */
final class RemoteWorkers implements Workers {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteWorkers.class);

    private final WorkerServiceClient service;
    private final AtomicBoolean lends = new AtomicBoolean(true);

    RemoteWorkers(WorkerServiceClient service) {
        this.service = service;
    }

    @Override
    public String place() {
        return "worker-service";
    }

    @Override
    public List<Lease> take(ProcessKind kind, int workers) throws NoWorkerAvailableException, InterruptedException {
        try {
            List<Lease> leases = service.take(kind, workers)
                    .stream()
                    .<Lease>map(worker -> new RemoteLease(service, kind, worker))
                    .toList();
            if (!lends.getAndSet(true)) {
                LOG.info("worker-service is back");
            }
            return leases;
        } catch (BadRequest e) {
            // It has fewer than this service believes: its own squares.worker.max-processes says so.
            throw new NoWorkerAvailableException("worker-service does not lend " + workers + " at once");
        } catch (ServiceUnavailable e) {
            throw new NoWorkerAvailableException(
                    "worker-service had " + (workers == 1 ? "none" : "no " + workers) + " in time");
        } catch (RestClientException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while a worker was waited for");
            }
            // Once, and not with every request that needs a worker.
            if (lends.getAndSet(false)) {
                LOG.warn("No worker can be taken from worker-service: {}", e.toString());
            }
            throw new NoWorkerAvailableException("worker-service " + reason(e));
        }
    }

    /** Whether worker-service would lend a worker. */
    Health health() {
        try {
            service.requireReady();
            return Health.up().withDetail("workerService", "ready").build();
        } catch (ServiceUnavailable e) {
            return Health.outOfService().withDetail("workerService", "not ready").build();
        } catch (RestClientException e) {
            return Health.outOfService().withDetail("workerService", reason(e)).build();
        }
    }

    static String reason(RestClientException e) {
        return e instanceof RestClientResponseException answer
                ? "answered " + answer.getStatusCode().value()
                : "cannot be reached";
    }
}
