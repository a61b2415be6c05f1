package dev.squares.workerservice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.testing.SharedMemoryDirectory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ServicePropertiesTest {
    @Test
    void haveDefaults() {
        ServiceProperties properties = bind(Map.of());

        assertThat(properties.leaseTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(properties.sharedDirectory()).isEqualTo(SharedMemoryDirectory.parent());
    }

    /** A compose file passes on what is not set as nothing. */
    @Test
    void takeAnEmptySecretForNone() {
        assertThat(new AccessProperties("").secret()).isNull();
    }

    private static ServiceProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("squares", ServiceProperties.class);
    }
}
