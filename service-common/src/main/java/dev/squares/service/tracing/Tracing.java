package dev.squares.service.tracing;

import io.micrometer.context.ContextSnapshotFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertyResolver;

/**
 * Leaves tracing out where there is no endpoint for traces: Spring Boot would start it all the same, and every request would pay for
 * spans that nobody gets.
 */
public final class Tracing implements AutoConfigurationImportFilter, EnvironmentAware, EnvironmentPostProcessor {
    /** The property that has the traces of both services sent, over OTLP. */
    public static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private static final List<String> PARTS = List.of("org.springframework.boot.opentelemetry.",
            "org.springframework.boot.micrometer.tracing.");

    private @Nullable Environment environment;

    /** Whether traces are sent. */
    public static boolean isOn(PropertyResolver properties) {
        return properties.containsProperty(ENDPOINT);
    }

    /** For another thread: what it does belongs to what this one does now. */
    public static Runnable carriedOn(Runnable work) {
        return ContextSnapshotFactory.builder().build().captureAll().wrap(work);
    }

    /** Lines of the log would have room for ids that there are not. */
    @Override
    public void postProcessEnvironment(ConfigurableEnvironment all, SpringApplication application) {
        if (!isOn(all)) {
            all.getPropertySources()
                    .addFirst(new MapPropertySource("notTraced", Map.of("logging.expect-correlation-id", false)));
        }
    }

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
        boolean on = isOn(Objects.requireNonNull(environment, "Spring Boot sets it first"));
        boolean[] matches = new boolean[configurations.length];
        for (int i = 0; i < matches.length; i++) {
            String name = configurations[i];
            matches[i] = on || name == null || PARTS.stream().noneMatch(name::startsWith);
        }
        return matches;
    }
}
