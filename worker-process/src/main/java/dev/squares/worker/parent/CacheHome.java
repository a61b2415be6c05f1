package dev.squares.worker.parent;

import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a user's caches are: {@code $XDG_CACHE_HOME} or {@code ~/.cache} by the XDG base directory specification, {@code %LOCALAPPDATA%}
 * on Windows.
 */
final class CacheHome {
    private static final String NAME = "squares";

    private CacheHome() {}

    /** This project's directory there; null if the user has no home. It need not exist. */
    static @Nullable Path directory(Map<String, String> environment, FileSystem system) {
        for (String variable : new String[]{"XDG_CACHE_HOME", "LOCALAPPDATA"}) {
            Path caches = absolute(environment.get(variable), system);
            if (caches != null) {
                return caches.resolve(NAME);
            }
        }
        Path home = absolute(environment.get("HOME"), system);
        // Where root has none, it could make one, and nobody would expect it.
        return home != null && Files.isDirectory(home) ? home.resolve(".cache").resolve(NAME) : null;
    }

    /** By the specification a path that is not absolute does not count. */
    private static @Nullable Path absolute(@Nullable String value, FileSystem system) {
        if (value == null) {
            return null;
        }
        try {
            Path path = system.getPath(value);
            return path.isAbsolute() ? path : null;
        } catch (InvalidPathException e) {
            // One of another system's, such as that of a shell on Windows.
            return null;
        }
    }
}
