package dev.squares.coordinator.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

@Execution(ExecutionMode.CONCURRENT)
class WorkerServicePropertiesTest {
    @Test
    void areNoneByDefault() {
        assertThat(bind(Map.of())).isEqualTo(new WorkerServiceProperties(null, null));
    }

    /** A compose file passes on what is not set as nothing. */
    @Test
    void takeAnEmptySecretForNone() {
        assertThat(bind(Map.of("squares.worker.secret", "")).secret()).isNull();
    }

    @Test
    void doNotShowTheSecret() {
        WorkerServiceProperties properties = bind(
                Map.of("squares.worker.url", "http://there:8081", "squares.worker.secret", "a1-._~+/=="));

        assertThat(properties.url()).isEqualTo(URI.create("http://there:8081"));
        assertThat(properties.secret()).isEqualTo("a1-._~+/==");
        assertThat(properties.toString()).contains("there").doesNotContain("a1-._~+/==");
    }

    private static WorkerServiceProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("squares.worker", WorkerServiceProperties.class);
    }
}
