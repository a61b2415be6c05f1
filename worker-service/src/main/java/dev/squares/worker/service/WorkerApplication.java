package dev.squares.worker.service;

import dev.squares.worker.service.client.Clients;
import dev.squares.worker.service.problem.Problems;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Starts worker-service. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
@EnableConfigurationProperties(ServiceProperties.class)
@Import({Problems.class, Clients.class, CoordinatorsAlone.class, Forking.class, WorkerServiceApi.class,
        HeldWorkers.class,
        WorkersController.class})
public class WorkerApplication {
    /**
     * This jar is on a coordinator's class path too, which has an {@code application.yaml}: a name of its own keeps the two
     * apart.
     */
    private static final String CONFIGURATION = "spring.config.name=worker-service";

    public static void main(String[] args) {
        builder().run(args);
    }

    /** The service, to be run. */
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(WorkerApplication.class).properties(CONFIGURATION);
    }

    @Bean
    WorkerProperties workerProperties(ServiceProperties properties) {
        return properties.worker();
    }
}
