package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.squares.coordinator.LockHolder;
import dev.squares.coordinator.SquaresProperties;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.testing.SharedMemoryDirectory;
import dev.squares.worker.testing.WindowsFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

@ExtendWith(OutputCaptureExtension.class)
class SharedDirectoryTest {
    private Path shared;

    @BeforeEach
    void create() throws IOException {
        shared = SharedMemoryDirectory.create();
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

    /** As on Windows: neither modes nor openat(2), and the paths of another system. Nothing is mapped there. */
    @Test
    void directoryIsMadeSweptAndDeletedWhereThereAreAclsInPlaceOfModes() throws IOException {
        try (FileSystem windows = WindowsFiles.create()) {
            Path temporary = Files.createDirectories(windows.getPath("C:\\Users\\somebody\\Temp"));
            Path open = Files.createDirectory(temporary.resolve(name()));
            Files.createFile(open.resolve("lock"));
            SharedDirectory killed = new SharedDirectory(properties(temporary));
            Files.writeString(killed.newFile(), "left over");

            SharedDirectory next = new SharedDirectory(properties(temporary));
            assertThat(killed.newFile().getParent()).as("swept, and made anew")
                    .isNotEqualTo(next.newFile().getParent());
            killed.delete();
            Files.writeString(next.newFile(), "left over");
            next.delete();

            try (Stream<Path> left = Files.list(temporary)) {
                assertThat(left).containsExactly(open);
            }
            assertThat(open.resolve("lock")).exists();
        }
    }

    @Test
    void whatAKilledCoordinatorLeftIsSwept() throws Exception {
        Path abandoned = leftover(name());
        try (Holder holder = new Holder(abandoned)) {
            holder.kill();
        }

        open().delete();

        assertThat(abandoned).doesNotExist();
    }

    @Test
    void directoryWithoutALockIsSweptIfItIsEmpty() throws IOException {
        Path early = privateDirectory(name());

        open().delete();

        assertThat(early).doesNotExist();
    }

    /** The names that a coordinator gives are like no others: here somebody else is about to make files. */
    @Test
    void emptyDirectoryOfAnotherNameIsLeftAlone() throws IOException {
        Path mine = privateDirectory("squares-mine");

        open().delete();

        assertThat(mine).exists();
    }

    @Test
    void whatALivingCoordinatorHasIsLeftAlone() throws Exception {
        Path alive = leftover(name());
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
        Path file = Files.writeString(shared.resolve(name()), "a file");
        Path other = Files.createDirectory(shared.resolve("others"));
        Files.writeString(other.resolve("lock"), "");
        Path elsewhere = leftover("elsewhere");
        Path link = Files.createSymbolicLink(shared.resolve(name()), elsewhere);
        Path unlocked = privateDirectory(name());
        Files.writeString(unlocked.resolve("precious"), "a file");

        open().delete();

        assertThat(file).exists();
        assertThat(other.resolve("lock")).exists();
        assertThat(link).exists();
        assertThat(elsewhere.resolve("file")).exists();
        assertThat(unlocked.resolve("precious")).exists();
    }

    @Test
    void whatIsOpenToOthersIsLeftAlone() throws IOException {
        Path open = leftover(name());
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        open().delete();

        assertThat(open.resolve("file")).exists();
    }

    @Test
    void whatAnotherUserHasIsLeftAlone() throws IOException {
        Path others = leftover(name());
        Path empty = privateDirectory(name());
        giveAway(others.resolve("lock"), others.resolve("file"), others, empty);

        open().delete();

        assertThat(others.resolve("file")).exists();
        assertThat(others.resolve("lock")).exists();
        assertThat(empty).exists();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pipeInPlaceOfALockHoldsNobodyUp(boolean ofAnotherUser) throws Exception {
        Path directory = privateDirectory(name());
        Path pipe = directory.resolve("lock");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        if (ofAnotherUser) {
            giveAway(pipe, directory);
        }
        CompletableFuture<SharedDirectory> started = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> started.complete(open()));
        try {
            started.get(60, TimeUnit.SECONDS).delete();
        } finally {
            // Whoever still waits for the other end of the pipe finds it here.
            FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
        }
        assertThat(pipe).exists();
    }

    @Test
    void directoryThatIsExchangedForALinkIsNotDeletedThroughIt() throws IOException {
        SharedDirectory directory = open();
        Path own = directory.newFile().getParent();
        Path precious = Files.writeString(privateDirectory("elsewhere").resolve("precious"), "a file");
        Files.move(own, shared.resolve("moved"));
        Files.createSymbolicLink(own, precious.getParent());

        assertThatIOException().isThrownBy(directory::delete);

        assertThat(precious).exists();
    }

    @Test
    void directoryThatHasGoneIsMadeAnewByOneOfManyAndLocked() throws Exception {
        SharedDirectory directory = open();
        Path first = directory.newFile().getParent();
        FileSystemUtils.deleteRecursively(first);

        List<Path> files;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            files = threads.invokeAll(Collections.<Callable<Path>>nCopies(8, directory::newFile))
                    .stream()
                    .map(Future::resultNow)
                    .toList();
        }

        Path second = files.getFirst().getParent();
        assertThat(second).isNotEqualTo(first);
        assertThat(files).allMatch(file -> file.getParent().equals(second));
        assertThat(entries()).containsExactly(second);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(second))).isEqualTo("rwx------");
        assertThat(lockOf(second)).isEqualTo("refused");
        directory.delete();
        assertThat(entries()).isEmpty();
    }

    /** What another process that wants the lock is told. */
    private static String lockOf(Path directory) throws Exception {
        try (Holder holder = new Holder(directory)) {
            return holder.answer;
        }
    }

    @Test
    void namelessFilesAndNumbersAreThereAgainToo() throws IOException {
        SharedDirectory directory = open();
        FileSystemUtils.deleteRecursively(directory.newFile().getParent());
        directory.openNamelessFile().close();
        FileSystemUtils.deleteRecursively(directory.newFile().getParent());
        assertThat(directory.usableBytes()).isPositive();
        assertThat(entries()).hasSize(1);
        directory.delete();
    }

    @Test
    void directoryThatCannotBeMadeAnewIsAProblemUntilItCan() throws IOException {
        SharedDirectory directory = open();
        FileSystemUtils.deleteRecursively(shared);

        assertThatExceptionOfType(ProblemException.class).isThrownBy(directory::newFile)
                .satisfies(e -> assertThat(e.type()).isEqualTo(ProblemType.SHARED_DIRECTORY_UNAVAILABLE));
        assertThatExceptionOfType(ProblemException.class).isThrownBy(directory::openNamelessFile);
        assertThatIOException().isThrownBy(directory::usableBytes);

        Files.createDirectory(shared);
        assertThat(directory.newFile().getParent()).isDirectory();
        directory.delete();
    }

    private static void giveAway(Path... files) {
        try {
            for (Path file : files) {
                Files.setAttribute(file, "unix:uid", 23456);
            }
        } catch (IOException e) {
            assumeTrue(false, "only root can give files away");
        }
    }

    /** That it is said, and how, is in PropertiesTest. */
    @ParameterizedTest
    @ValueSource(strings = {"/there/is/no/such/directory", "/proc/version", "/proc/self"})
    void startIsRefusedWhereThereIsNoDirectoryThatCanBeUsed(Path directory) {
        assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
                .isThrownBy(() -> new SharedDirectory(properties(directory)))
                .satisfies(refused -> {
                    assertThat(refused.getName()).isEqualTo("squares.shared-directory");
                    assertThat(refused.getValue()).hasToString(directory.toString());
                    assertThat(refused.getReason()).isNotBlank();
                });
    }

    @Test
    void saysWhetherItIsInMemory(@TempDir(factory = InTarget.class) Path onDisk, CapturedOutput output)
            throws IOException {
        assumeTrue(shared.startsWith("/dev/shm"), "there is no shared memory here");
        SharedDirectory inMemory = open();
        assertThat(inMemory.isInMemory()).isTrue();
        inMemory.delete();
        // Of other directories, tests that run beside this one may.
        assertThat(output.getAll()).doesNotContain("on a disk: in " + shared);
        assumeTrue(!Set.of("tmpfs", "ramfs").contains(Files.getFileStore(onDisk).type()));

        SharedDirectory other = new SharedDirectory(properties(onDisk));
        assertThat(other.isInMemory()).isFalse();
        other.delete();
        assertThat(output.getAll()).contains("on a disk: in " + onDisk);
    }

    private static final class InTarget implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "on-disk");
        }
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

    private Path privateDirectory(String name) throws IOException {
        return Files.createDirectory(shared.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private Path leftover(String name) throws IOException {
        Path directory = privateDirectory(name);
        Files.writeString(directory.resolve("file"), "left over");
        Files.createFile(directory.resolve("lock"));
        return directory;
    }

    /** Another process that holds the lock of a directory. */
    private static final class Holder implements AutoCloseable {
        private final Process process;
        private final String answer;

        Holder(Path directory) throws Exception {
            Path classes = Path.of(LockHolder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            process = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    classes.toString(),
                    LockHolder.class.getName(),
                    directory.resolve("lock").toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            BufferedReader out = process.inputReader();
            answer = out.readLine();
            assertThat(answer).isIn("locked", "refused");
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

    /** As a coordinator names its own. */
    private static String name() {
        return "squares-" + UUID.randomUUID();
    }
}
