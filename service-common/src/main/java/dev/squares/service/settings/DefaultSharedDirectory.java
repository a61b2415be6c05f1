package dev.squares.service.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the mapped files are, unless somebody has said: the same for both services. */
public final class DefaultSharedDirectory {
    private static final Path IN_MEMORY = Path.of("/dev/shm");

    private DefaultSharedDirectory() {}

    /** Returns what has been set; else {@code /dev/shm}, or the system's temporary directory where there is none, as on macOS. */
    public static Path unless(@Nullable Path set) {
        return set != null ? set : inMemoryIfPossible(IN_MEMORY);
    }

    static Path inMemoryIfPossible(Path inMemory) {
        return Files.isDirectory(inMemory) ? inMemory : Path.of(System.getProperty("java.io.tmpdir"));
    }
}
