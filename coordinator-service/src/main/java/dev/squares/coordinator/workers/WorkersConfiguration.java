package dev.squares.coordinator.workers;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.service.pool.WorkerPoolConfiguration;
import dev.squares.service.pool.WorkerProperties;
import dev.squares.service.tracing.Tracing;
import dev.squares.worker.parent.WorkerPool;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Decides where workers come from. */
@Configuration(proxyBeanMethods = false)
class WorkersConfiguration {
    private static final String URL = "squares.worker.url";

    @Bean
    WorkerProperties workerProperties(SquaresProperties properties) {
        return properties.worker();
    }

    @Configuration(proxyBeanMethods = false)
    // There is no "only if missing": no URL is "false".
    @ConditionalOnProperty(name = URL, havingValue = "false", matchIfMissing = true)
    @Import(WorkerPoolConfiguration.class)
    static class Forked {
        @Bean
        Workers forkedWorkers(WorkerPool pool, WorkerProperties properties) {
            return new ForkedWorkers(pool, properties.jobsAtOnce() > 0);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(URL)
    static class Remote {
        @Bean
        WorkerServiceClient workerServiceClient(
                WorkerServiceProperties service, WorkerProperties worker, ObservationRegistry observations,
                Environment environment) {
            return new WorkerServiceClient(Objects.requireNonNull(service.url(), URL), service.secret(), worker,
                    Tracing.isOn(environment) ? observations : ObservationRegistry.NOOP);
        }

        @Bean
        RemoteWorkers remoteWorkers(WorkerServiceClient service) {
            return new RemoteWorkers(service);
        }

        @Bean
        HealthIndicator workersHealthIndicator(RemoteWorkers workers) {
            return workers::health;
        }
    }
}
