package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.squares.worker.testing.AnotherUser;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateDirectoryTest {
    @TempDir
    private Path parent;

    private Path path;
    private Path elsewhere;

    @BeforeEach
    void prepare() throws IOException {
        path = parent.resolve("own");
        elsewhere = Files.createTempDirectory(parent, "elsewhere");
        Files.writeString(elsewhere.resolve("precious"), "a file");
    }

    @Test
    void isMadeForItsOwnerAlone() throws IOException {
        PrivateDirectory.create(path).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwx------");
        PrivateDirectory.open(path).close();
        PrivateDirectory.createOrOpenToRead(path).close();
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> PrivateDirectory.create(path));
    }

    @Test
    void thoseAboveItAreMadePrivateToo() throws IOException {
        Path deep = parent.resolve("a/b/own");

        PrivateDirectory.createOrOpenToRead(deep).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent.resolve("a"))))
                .isEqualTo("rwx------");
    }

    @Test
    void isNotOpenedWhereThereIsNone() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> PrivateDirectory.open(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwxr-xr-x", "rwx-----x", "r-x------", "---------"})
    void isNotOpenedWithAnyOtherMode(String mode) throws IOException {
        PrivateDirectory.create(path).close();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));

        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(path))
                .withMessage("not a directory that only its owner can use (mode 0700): " + path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxr-x", "rwxr-xrwx", "rwxrwxrwx"})
    void isNotReadWhereOthersCanWrite(String mode) throws IOException {
        PrivateDirectory.create(path).close();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));

        assertThatIOException().isThrownBy(() -> PrivateDirectory.openToRead(path));
    }

    @Test
    void isNotReadWhereItIsSomebodyElses() throws IOException {
        PrivateDirectory.create(path).close();
        AnotherUser.ATTACKER.own(path);

        assertThatIOException().isThrownBy(() -> PrivateDirectory.openToRead(path));
    }

    @Test
    void isNotOpenedWhereItIsSomebodyElses() throws IOException {
        PrivateDirectory.create(path).close();
        AnotherUser.ATTACKER.own(path);

        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(path))
                .withMessage("a directory of somebody else: " + path);
    }

    @Test
    void isNotOpenedThroughALink() throws IOException {
        Files.createSymbolicLink(path, elsewhere);

        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(path));
    }

    @Test
    void isNotOpenedWhereItIsAPipe() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", "-m", "0700", path.toString()).start().waitFor()).isZero();

        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(path));
    }

    @Test
    void knowsWhatIsInIt() throws IOException {
        try (PrivateDirectory own = PrivateDirectory.create(path)) {
            assertThat(own.names()).isEmpty();
            Files.createSymbolicLink(path.resolve("link"), elsewhere.resolve("precious"));
            own.openFile("file", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();

            assertThat(own.names()).containsExactlyInAnyOrder(Path.of("file"), Path.of("link"));
            assertThat(own.names()).hasSize(2);
            assertThat(own.attributes("file").isRegularFile()).isTrue();
            assertThat(own.attributes("link").isSymbolicLink()).isTrue();
            assertThatIOException().isThrownBy(() -> own.openFile("link", StandardOpenOption.READ));
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> own.attributes("none"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("file"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void isDeletedWithItsFilesAndWithoutWhatLinksInItLeadTo() throws IOException {
        try (PrivateDirectory own = PrivateDirectory.create(path)) {
            Files.writeString(path.resolve("file"), "a file");
            Files.createSymbolicLink(path.resolve("link"), elsewhere.resolve("precious"));
            Files.createSymbolicLink(path.resolve("folder"), elsewhere);

            own.delete();
            // And once more, as where somebody else was faster.
            own.delete();

            assertThat(path).doesNotExist();
            assertThat(elsewhere.resolve("precious")).exists();
        }
    }

    @Test
    void isEmptiedButForOneFile() throws IOException {
        try (PrivateDirectory own = PrivateDirectory.create(path)) {
            Files.writeString(path.resolve("lock"), "a file");
            Files.writeString(path.resolve("other"), "a file");

            own.deleteFiles("lock");
            assertThat(own.names()).containsExactly(Path.of("lock"));

            Files.createDirectory(path.resolve("folder"));
            assertThatIOException().isThrownBy(() -> own.deleteFiles("lock"));
            assertThat(path.resolve("folder")).exists();
        }
    }

    @Test
    void staysTheSameWhenItsNameIsExchangedForALink() throws IOException {
        Path moved = parent.resolve("moved");
        try (PrivateDirectory own = PrivateDirectory.create(path)) {
            Files.writeString(path.resolve("precious"), "not this one");
            assertThat(own.isInPlace()).isTrue();
            Files.move(path, moved);
            assertThat(own.isInPlace()).isFalse();
            Files.createSymbolicLink(path, elsewhere);
            assertThat(own.isInPlace()).isFalse();

            try (FileChannel file = own.openFile("new", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                assertThat(file.size()).isZero();
            }
            assertThat(elsewhere.resolve("new")).doesNotExist();
            assertThat(moved.resolve("new")).exists();
            assertThatIOException().isThrownBy(own::delete);

            assertThat(moved).isEmptyDirectory();
            assertThat(elsewhere.resolve("precious")).exists();
        }
    }
}
