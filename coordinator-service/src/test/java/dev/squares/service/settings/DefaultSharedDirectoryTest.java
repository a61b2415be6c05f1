package dev.squares.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultSharedDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void isInMemoryWhereThatIsThere() {
        assertThat(DefaultSharedDirectory.inMemoryIfPossible(directory)).isEqualTo(directory);
    }

    /** As on macOS. */
    @Test
    void isTheTemporaryOneWhereThereIsNoneInMemory() {
        assertThat(DefaultSharedDirectory.inMemoryIfPossible(directory.resolve("shm")))
                .isEqualTo(Path.of(System.getProperty("java.io.tmpdir")))
                .satisfies(temporary -> assertThat(Files.isDirectory(temporary)).isTrue());
    }

    @Test
    void isNotAskedForWhereOneIsSet() {
        assertThat(DefaultSharedDirectory.unless(Path.of("/there"))).isEqualTo(Path.of("/there"));
    }
}
