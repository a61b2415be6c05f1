package dev.squares.workerservice;

import dev.squares.service.pool.WorkerPoolConfiguration;
import dev.squares.service.pool.WorkerProperties;
import dev.squares.service.settings.Help;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Starts worker-service. */
// What fails outside of Spring is answered by a valve of Tomcat's, in one place: there is no error page to go to.
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
@ConfigurationPropertiesScan
@Import(WorkerPoolConfiguration.class)
public class WorkerApplication {
    public static void main(String[] args) {
        if (Help.isWanted(args)) {
            Help.print(WorkerApplication.class,
                    "worker-service forks worker processes, and lends them to coordinators.",
                    "worker-service-exec.jar", 8081);
            return;
        }
        SpringApplication.run(WorkerApplication.class, args);
    }

    @Bean
    WorkerProperties workerProperties(ServiceProperties properties) {
        return properties.worker();
    }
}
