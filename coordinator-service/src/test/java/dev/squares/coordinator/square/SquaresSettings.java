package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Properties without a context. */
final class SquaresSettings {
    private SquaresSettings() {}

    /** The defaults, but for these: {@code max-length=17}. */
    static SquaresProperties with(String... settings) {
        Map<String, String> map = new HashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            map.put("squares." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        map.putIfAbsent("squares.worker.cache-directory", "/none");
        return new Binder(new MapConfigurationPropertySource(map)).bindOrCreate("squares", SquaresProperties.class);
    }
}
