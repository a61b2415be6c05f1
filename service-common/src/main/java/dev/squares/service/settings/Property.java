package dev.squares.service.settings;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A property of a service, as its build has written it down from the class that holds it.
 *
 * @param name as {@code squares.max-length}
 * @param description what it is, in one sentence or more
 * @param defaultValue null if it has none
 */
record Property(String name, @Nullable String description, @Nullable Object defaultValue) {
    static final String PREFIX = "squares.";

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private record Metadata(List<Property> properties) {}

    /** All that are written down in the jar or folder where a class is, by name. What others have would take longer to read. */
    static List<Property> beside(Class<?> type) {
        try (InputStream in = open(type)) {
            return JSON.readValue(in, Metadata.class)
                    .properties()
                    .stream()
                    .sorted(Comparator.comparing(Property::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(Class<?> type) throws IOException {
        String path = type.getName().replace('.', '/') + ".class";
        String itself = Objects.requireNonNull(type.getClassLoader().getResource(path)).toString();
        try {
            return URI.create(itself.substring(0, itself.length() - path.length()) + METADATA).toURL().openStream();
        } catch (FileNotFoundException e) {
            // An executable jar has it at its root, and its classes in a folder.
            return Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(METADATA));
        }
    }
}
