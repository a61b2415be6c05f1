package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.testing.WindowsFiles;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIdentityTest {
    @Test
    void fileIsItselfAndNoOther(@TempDir Path directory) throws IOException {
        Path one = Files.write(directory.resolve("one"), new byte[3]);
        Path other = Files.write(directory.resolve("other"), new byte[3]);
        Path link = Files.createLink(directory.resolve("link"), one);

        assertThat(FileIdentity.of(one)).isEqualTo(FileIdentity.of(link)).isNotEqualTo(FileIdentity.of(other));
        assertThat(FileIdentity.of(one).inode()).isEqualTo(Files.getAttribute(one, "unix:ino"));
        assertThat(FileIdentity.of(one).bytes()).isEqualTo(3);
    }

    @Test
    void windowsHasNoSuchNumbers() throws IOException {
        try (FileSystem windows = WindowsFiles.create()) {
            assertThat(FileIdentity.of(Files.createFile(windows.getPath("C:\\work\\file")))).isNull();
        }
    }
}
