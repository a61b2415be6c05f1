package dev.squares.coordinator;

import dev.squares.worker.service.client.Clients;
import dev.squares.worker.service.problem.Problems;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Starts the coordinator. */
// What fails outside of Spring is answered by a valve of Tomcat's, in one place: there is no error page to go to.
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
@ConfigurationPropertiesScan
@Import({Problems.class, Clients.class})
public class CoordinatorApplication {
    public static void main(String[] args) {
        SpringApplication.run(CoordinatorApplication.class, args);
    }
}
