package dev.squares.service.pool;

import dev.squares.worker.parent.AotTraining;
import dev.squares.worker.parent.MailboxFiles;
import dev.squares.worker.parent.PoolSettings;
import dev.squares.worker.parent.WorkerCache;
import dev.squares.worker.parent.WorkerPool;
import dev.squares.worker.parent.WorkerPool.CommandSource;
import dev.squares.worker.parent.WorkerPool.Status;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.ToIntFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has a service that imports it, and has {@link WorkerProperties}, fork worker processes and show them. */
@Configuration(proxyBeanMethods = false)
public class WorkerPoolConfiguration {
    @Bean
    WorkerCache workerCache(WorkerProperties properties) {
        Path directory = properties.cacheDirectory();
        try {
            return directory == null ? WorkerCache.ofThisUser() : new WorkerCache(directory);
        } catch (IOException e) {
            throw new InvalidConfigurationPropertyValueException("squares.worker.cache-directory", directory,
                    "It must be, or become, a directory that only its owner can use: " + e);
        }
    }

    /** Asked at every start: the directory may have been removed in between, and is made anew then. */
    @Bean
    CommandSource workerCommands(WorkerProperties properties, WorkerCache cache) {
        return startedFor -> cache.command(startedFor, properties.heap().toBytes());
    }

    @Bean
    AotTraining aotTraining(WorkerCache cache) {
        return new AotTraining(cache);
    }

    @Bean
    WorkerPool workerPool(
            WorkerProperties properties, WorkerCache cache, CommandSource commands,
            ObjectProvider<MailboxFiles> mailboxes, MeterRegistry meters) {
        PoolSettings settings = new PoolSettings(
                properties.standby(),
                properties.maxProcesses(),
                properties.maxJobs(),
                properties.jobsAtOnce(),
                properties.warmUps(),
                properties.timeout(),
                properties.queueTimeout(),
                properties.startTimeout(),
                properties.killGrace());
        MailboxFiles files = properties.jobsAtOnce() == 0
                ? MailboxFiles.NONE
                : mailboxes.getIfAvailable(() -> MailboxFiles.NONE);
        WorkerPool pool = new WorkerPool(commands, cache::warmUp, files, settings, (took, succeeded) -> meters
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
