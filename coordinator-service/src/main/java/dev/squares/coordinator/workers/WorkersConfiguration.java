package dev.squares.coordinator.workers;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.worker.fork.WorkerPool;
import dev.squares.worker.service.Forking;
import dev.squares.worker.service.WorkerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Decides where workers come from. */
@Configuration(proxyBeanMethods = false)
@Import(Forking.class)
class WorkersConfiguration {
    @Bean
    WorkerProperties workerProperties(SquaresProperties properties) {
        return properties.worker();
    }

    @Bean
    Workers forkedWorkers(WorkerPool pool) {
        return new ForkedWorkers(pool);
    }
}
