package dev.squares.coordinator.workers;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.worker.fork.Ending;
import dev.squares.worker.fork.NoWorkerAvailableException;
import dev.squares.worker.fork.PoolSettings;
import dev.squares.worker.fork.ProcessKind;
import dev.squares.worker.fork.ReportReader;
import dev.squares.worker.fork.WorkerCache;
import dev.squares.worker.fork.WorkerCommand;
import dev.squares.worker.fork.WorkerPool;
import dev.squares.worker.fork.WorkerPool.Status;
import dev.squares.worker.memory.Job;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.ToIntFunction;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Workers that are this process's own children. */
@Component
final class ForkedWorkers implements Workers {
    private final WorkerPool pool;

    ForkedWorkers(WorkerPool pool) {
        this.pool = pool;
    }

    @Override
    public HeldWorker take(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        WorkerPool.Lease lease = pool.take(kind);
        return new HeldWorker() {
            @Override
            public Ending run(Job job, long maxReportBytes, ReportReader reader)
                    throws IOException, InterruptedException {
                return lease.run(job, maxReportBytes, reader);
            }

            @Override
            public void close() {
                lease.close();
            }
        };
    }

    @Configuration(proxyBeanMethods = false)
    static class Forking {
        @Bean
        WorkerCache workerCache(SquaresProperties properties) {
            Path directory = properties.worker().cacheDirectory();
            try {
                return new WorkerCache(directory);
            } catch (IOException e) {
                throw new InvalidConfigurationPropertyValueException("squares.worker.cache-directory", directory,
                        "It must be, or become, a directory that only its owner can use: " + e);
            }
        }

        @Bean
        WorkerCommand workerCommand(SquaresProperties properties, WorkerCache cache) throws IOException {
            return WorkerCommand.java(cache.classPath(), properties.worker().heap().toBytes());
        }

        @Bean
        WorkerPool workerPool(
                SquaresProperties properties, WorkerCache cache, WorkerCommand command, MeterRegistry meters) {
            SquaresProperties.Worker worker = properties.worker();
            PoolSettings settings = new PoolSettings(
                    worker.standby(),
                    worker.maxProcesses(),
                    worker.maxJobs(),
                    worker.timeout(),
                    worker.queueTimeout(),
                    worker.startTimeout(),
                    worker.killGrace());
            WorkerPool pool = new WorkerPool(command, cache::warmUp, settings, (took, succeeded) -> meters
                    .timer("squares.worker.start", "outcome", succeeded ? "ready" : "failed")
                    .record(took));
            gauge(meters, pool, "idle", Status::idle);
            gauge(meters, pool, "busy", Status::busy);
            gauge(meters, pool, "starting", Status::starting);
            Gauge.builder("squares.queue", pool, p -> p.status().waiting())
                    .description("Requests that wait for a worker")
                    .register(meters);
            return pool;
        }

        private static void gauge(MeterRegistry meters, WorkerPool pool, String state, ToIntFunction<Status> count) {
            Gauge.builder("squares.workers", pool, p -> count.applyAsInt(p.status()))
                    .description("Worker processes")
                    .tag("state", state)
                    .register(meters);
        }

        @Bean
        HealthIndicator workersHealthIndicator(WorkerPool pool) {
            return () -> {
                Status status = pool.status();
                return (status.ready() ? Health.up() : Health.outOfService())
                        .withDetail("idle", status.idle())
                        .withDetail("busy", status.busy())
                        .withDetail("starting", status.starting())
                        .withDetail("waiting", status.waiting())
                        .withDetail("failingToStart", status.failing())
                        .build();
            };
        }
    }
}
