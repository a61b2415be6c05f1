package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.squares.coordinator.LockHolder;
import dev.squares.coordinator.SquaresProperties;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.FileSystemUtils;

class SharedDirectoryTest {
    private Path shared;

    @BeforeEach
    void create() throws IOException {
        shared = Files.createTempDirectory(Path.of("/dev/shm"), "test-squares");
    }

    @AfterEach
    void delete() throws IOException {
        FileSystemUtils.deleteRecursively(shared);
    }

    @Test
    void ownDirectoryIsItsOwnersAloneAndGoneAfterwards() throws IOException {
        SharedDirectory directory = open();
        Path own = directory.newFile().getParent();
        Files.writeString(directory.newFile(), "left over");

        assertThat(own.getParent()).isEqualTo(shared);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own))).isEqualTo("rwx------");
        directory.delete();

        assertThat(entries()).isEmpty();
    }

    @Test
    void namesOfFilesAreNeverTheSame() throws IOException {
        SharedDirectory directory = open();
        assertThat(Stream.generate(directory::newFile).limit(1000)).doesNotHaveDuplicates();
        directory.delete();
    }

    @Test
    void namelessFileCanBeWrittenAndReadAndIsSeenByNobody() throws IOException {
        SharedDirectory directory = open();
        try (FileChannel file = directory.openNamelessFile()) {
            file.write(ByteBuffer.wrap(new byte[]{1, 2, 3}));
            assertThat(file.size()).isEqualTo(3);
            try (Stream<Path> files = Files.list(directory.newFile().getParent())) {
                assertThat(files).allMatch(name -> name.endsWith("lock"));
            }
        }
        directory.delete();
    }

    @Test
    void whatAKilledCoordinatorLeftIsSwept() throws Exception {
        Path abandoned = leftover("squares-killed");
        try (Holder holder = new Holder(abandoned)) {
            holder.kill();
        }

        open().delete();

        assertThat(abandoned).doesNotExist();
    }

    @Test
    void directoryWithoutALockIsSweptIfItIsEmpty() throws IOException {
        Path early = Files.createDirectory(shared.resolve("squares-killed-very-early"));

        open().delete();

        assertThat(early).doesNotExist();
    }

    @Test
    void whatALivingCoordinatorHasIsLeftAlone() throws Exception {
        Path alive = leftover("squares-alive");
        try (Holder _ = new Holder(alive)) {
            SharedDirectory directory = open();
            assertThat(alive.resolve("file")).exists();
            directory.delete();
            assertThat(alive.resolve("file")).exists();
            assertThat(alive.resolve("lock")).exists();
        }
    }

    @Test
    void twoCoordinatorsInOneProcessLeaveEachOtherAlone() throws IOException {
        SharedDirectory one = open();
        Path file = Files.writeString(one.newFile(), "of one");

        SharedDirectory other = open();
        other.delete();

        assertThat(file).hasContent("of one");
        assertThat(entries()).containsExactly(file.getParent());
        one.delete();
    }

    @Test
    void twoCoordinatorsThatStartAtOnceBothHaveADirectory() throws Exception {
        for (int i = 0; i < 20; i++) {
            List<SharedDirectory> both = Stream.of(1, 2).parallel().map(_ -> open()).toList();
            for (SharedDirectory directory : both) {
                assertThat(directory.newFile().resolveSibling("lock")).exists();
            }
            for (SharedDirectory directory : both) {
                directory.delete();
            }
            assertThat(entries()).isEmpty();
        }
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        Path file = Files.writeString(shared.resolve("squares-file"), "a file");
        Path other = Files.createDirectory(shared.resolve("others"));
        Files.writeString(other.resolve("lock"), "");
        Path elsewhere = leftover("elsewhere");
        Path link = Files.createSymbolicLink(shared.resolve("squares-link"), elsewhere);
        Path unlocked = Files.createDirectory(shared.resolve("squares-without-a-lock"));
        Files.writeString(unlocked.resolve("precious"), "a file");

        open().delete();

        assertThat(file).exists();
        assertThat(other.resolve("lock")).exists();
        assertThat(link).exists();
        assertThat(elsewhere.resolve("file")).exists();
        assertThat(unlocked.resolve("precious")).exists();
    }

    @Test
    void startIsRefusedWhereThereIsNoDirectory() {
        assertThatThrownBy(() -> new SharedDirectory(properties(shared.resolve("missing")))).isNotNull();
    }

    private SharedDirectory open() {
        return new SharedDirectory(properties(shared));
    }

    private static SquaresProperties properties(Path shared) {
        return new Binder(new MapConfigurationPropertySource(Map.of(
                "squares.shared-directory", shared,
                "squares.worker.cache-directory", shared)))
                .bind("squares", SquaresProperties.class)
                .get();
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(shared)) {
            return entries.toList();
        }
    }

    private Path leftover(String name) throws IOException {
        Path directory = Files.createDirectory(shared.resolve(name));
        Files.writeString(directory.resolve("file"), "left over");
        Files.createFile(directory.resolve("lock"));
        return directory;
    }

    /** Another process that holds the lock of a directory. */
    private static final class Holder implements AutoCloseable {
        private final Process process;

        Holder(Path directory) throws Exception {
            Path classes = Path.of(LockHolder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            process = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    classes.toString(),
                    LockHolder.class.getName(),
                    directory.resolve("lock").toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            BufferedReader out = process.inputReader();
            assertThat(out.readLine()).isEqualTo("locked");
        }

        void kill() {
            process.destroyForcibly().onExit().join();
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.onExit().join();
        }
    }
}
