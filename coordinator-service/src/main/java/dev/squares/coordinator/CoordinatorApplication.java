package dev.squares.coordinator;

import dev.squares.service.settings.Help;
import java.security.Security;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.webmvc.autoconfigure.WebMvcObservationAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/** Starts the coordinator. */
// What fails outside of Spring is answered by a valve of Tomcat's, in one place: there is no error page to go to.
// Requests are timed by HttpMetrics.
@SpringBootApplication(exclude = {ErrorMvcAutoConfiguration.class, WebMvcObservationAutoConfiguration.class})
@ConfigurationPropertiesScan
public class CoordinatorApplication {
    public static void main(String[] args) {
        if (Help.isWanted(args)) {
            Help.print(CoordinatorApplication.class,
                    "coordinator-service squares lists in another process, and shows both sides of the boundary.",
                    "coordinator-service.jar", 8080);
            return;
        }
        rememberAddressesBriefly();
        SpringApplication.run(CoordinatorApplication.class, args);
    }

    /**
     * Makes a worker-service that is started anew found at once, also at another address. By default, the JVM remembers an
     * address for 30 seconds, and for 10 that there is none. It reads these properties once, at the first look-up of a name.
     */
    private static void rememberAddressesBriefly() {
        Security.setProperty("networkaddress.cache.ttl", "2");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }
}
