package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.squares.worker.testing.TrainedCache;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertiesTest {
    @ParameterizedTest
    @CsvSource({
            "squares.max-lenght,            squares.max-length",
            "squares.maxLenght,             squares.max-length",
            "squares.worker.max-procesess,  squares.worker.max-processes",
            "squares.worker.ur,             squares.worker.url",
            "squares.worker.timeout.millis, squares.worker.timeout"
    })
    void stopTheStartAndTheNearestIsNamed(String property, String nearest, CapturedOutput output) {
        // The properties and who looks at them: a whole coordinator takes several times as long to get to this.
        SpringApplication application = PropertiesTest.propertiesAlone();
        application.setSources(Set.of("dev.squares.service.settings.SettingsConfiguration"));

        PropertiesTest.assertStopsTheStart(application, output, "--" + property + "=5");

        assertThat(output.getAll()).contains("There is no property " + property + ".",
                "The nearest is " + nearest + ";");
    }

    @ParameterizedTest
    @CsvSource({
            "SQUARES_MAX_LENGHT,     SQUARES_MAXLENGTH",
            "SQUARES_WORKER_SECRETE, SQUARES_WORKER_SECRET"
    })
    void stopTheStartOfACoordinatorAlsoAsVariables(String variable, String nearest, CapturedOutput output) {
        assertThatThrownBy(() -> start(Map.of(variable, "hush"))).isNotNull();

        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START", "There is no property " + variable + ".",
                        "The nearest is " + nearest + ";")
                .doesNotContain("hush", "\tat ", "Tomcat started");
    }

    @Test
    void areNotThoseThatAreWrittenAnotherWay() {
        Map<String, Object> variables = Map.of(
                "SQUARES_RECEIVETIMEOUT", "9s",
                "SQUARES_MIN_SEND_RATE", "8KB",
                // Of Kubernetes, and of the compose file.
                "SQUARES_SERVICE_HOST", "10.0.0.1",
                "SQUARES_COORDINATOR_PORT_8080_TCP_ADDR", "10.0.0.1",
                "SQUARES_VERSION", "1.0.0",
                "SQUARES_PORT", "tcp://10.0.0.1:8080");
        try (ConfigurableApplicationContext context = start(variables, "--squares.maxLength=5", "--squaresque=1")) {
            SquaresProperties properties = context.getBean(SquaresProperties.class);

            assertThat(properties.maxLength()).isEqualTo(5);
            assertThat(properties.receiveTimeout()).hasSeconds(9);
            assertThat(properties.minSendRate().toKilobytes()).isEqualTo(8);
        }
    }

    private static ConfigurableApplicationContext start(Map<String, Object> variables, String... arguments) {
        String source = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().replace(source, new SystemEnvironmentPropertySource(source, variables));
        SpringApplication application = new SpringApplication(CoordinatorApplication.class);
        application.setEnvironment(environment);
        application.setDefaultProperties(Map.of("server.port", "0", "squares.worker.cache-directory",
                TrainedCache.directory().toString()));
        return application.run(arguments);
    }
}
