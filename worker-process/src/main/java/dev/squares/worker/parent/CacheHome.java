package dev.squares.worker.parent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a user's caches are, by the XDG base directory specification. */
final class CacheHome {
    private static final String NAME = "squares";

    private CacheHome() {}

    /** This project's directory there; null if the user has no home. It need not exist. */
    static @Nullable Path directory(Map<String, String> environment) {
        Path caches = path(environment.get("XDG_CACHE_HOME"));
        if (caches != null) {
            return caches.resolve(NAME);
        }
        Path home = path(environment.get("HOME"));
        // Where root has none, it could make one, and nobody would expect it.
        return home != null && Files.isDirectory(home) ? home.resolve(".cache").resolve(NAME) : null;
    }

    /** By the specification a path that is not absolute does not count. */
    private static @Nullable Path path(@Nullable String value) {
        return value == null || !value.startsWith("/") ? null : Path.of(value);
    }
}
