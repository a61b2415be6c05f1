package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.testing.AnotherUser;
import dev.squares.worker.testing.Background;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.security.SecureClassLoader;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

class WorkerCacheTest {
    private static final Path MODULE = Commands.classPath(WorkerCache.class);

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void nameDirectory() {
        directory = parent.resolve("a/b/cache");
    }

    @Test
    void directoryIsMadeForItsOwnerAlone() throws IOException {
        new WorkerCache(directory);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
        // And found again.
        new WorkerCache(directory);
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwxrwxr-x", "rwxrwxrwx", "rwx----w-"})
    void directoryThatOthersCanWriteToIsRefused(String mode) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
        assertThatIOException().isThrownBy(() -> new WorkerCache(directory))
                .withMessage("not a directory that only its owner can use (mode 0700): " + directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void directoryOfSomebodyElseIsRefused() throws IOException {
        new WorkerCache(directory);
        AnotherUser.ATTACKER.own(directory);
        assertThatIOException().isThrownBy(() -> new WorkerCache(directory))
                .withMessage("a directory of somebody else: " + directory);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void linkAndFileAreRefused() throws IOException {
        Files.createDirectories(directory.getParent());
        Path elsewhere = Files.createTempDirectory(parent, "elsewhere");
        Files.createSymbolicLink(directory, elsewhere);
        assertThatIOException().isThrownBy(() -> new WorkerCache(directory));
        Path file = Files.createFile(parent.resolve("file"));
        assertThatIOException().isThrownBy(() -> new WorkerCache(file));
    }

    @Test
    void warmUpIsAJobOnARealisticListThatIsMadeOnce() throws IOException {
        Job job = new WorkerCache(directory).warmUp();
        assertThat(job.mapping()).isEqualTo(Job.Mapping.PRIVATE);
        assertThat(job.view()).isEqualTo(Job.View.FULL);
        try (ChildMapping list = ChildMapping.open(job.file(), job.mapping())) {
            assertThat(list.count()).isEqualTo(100);
            assertThat(list.input(99)).isLessThan(MappedFile.MAX_INPUT);
        }
        Object made = Files.getAttribute(job.file(), "unix:ino");
        assertThat(new WorkerCache(directory).warmUp()).isEqualTo(job);
        assertThat(Files.getAttribute(job.file(), "unix:ino")).isEqualTo(made);
        assertOnly(job.file());
    }

    /** As in an image that is read-only where it runs. */
    @Test
    void readOnlyDirectoryServesAndItsListIsElsewhere() throws Exception {
        Path made = new WorkerCache(directory).classPath();
        String path = directory.toString();
        assumeTrue(run("mount", "--bind", path, path), "mounting needs root");
        try {
            assumeTrue(run("mount", "-o", "remount,bind,ro", path), "mounting read-only is not possible here");
            Job job;
            try (WorkerCache cache = new WorkerCache(directory)) {
                assertThat(cache.classPath()).isEqualTo(made);
                job = cache.warmUp();
                try (ChildMapping list = ChildMapping.open(job.file(), job.mapping())) {
                    assertThat(list.count()).isEqualTo(100);
                }
                assertThat(cache.warmUp()).isEqualTo(job);
            }
            assertThat(job.file().getParent()).doesNotExist();
        } finally {
            run("umount", path);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    @Test
    void warmUpThatManyMakeAtOnceIsWhole() throws Exception {
        List<CompletableFuture<Long>> counts = new ArrayList<>();
        for (int cache = 0; cache < 8; cache++) {
            counts.add(Background.run(() -> {
                Job job = new WorkerCache(directory).warmUp();
                try (ChildMapping list = ChildMapping.open(job.file(), job.mapping())) {
                    return list.count();
                }
            }));
        }
        assertThat(counts.stream().map(CompletableFuture::join)).containsOnly(100L);
        assertOnly(new WorkerCache(directory).warmUp().file());
    }

    @Test
    void classPathOfAChildIsTheJarOfThisModule() throws Exception {
        assertThat(MODULE).isRegularFile();

        Path jar = new WorkerCache(directory).classPath();

        assertThat(jar).hasParent(directory).hasSameBinaryContentAs(MODULE);
        assertThat(jar.getFileName().toString()).matches("worker-[0-9a-f]{24}\\.jar");
        assertOnly(jar);
    }

    @Test
    void jarInsideAnotherIsTheSame() throws Exception {
        Path jar = new WorkerCache(directory).classPath();
        Object made = Files.getAttribute(jar, "unix:ino");

        assertThat(classPathOf(new NestedJar(URI.create("jar:" + MODULE.toUri() + "!/").toURL()))).isEqualTo(jar);

        assertThat(Files.getAttribute(jar, "unix:ino")).isEqualTo(made);
        assertOnly(jar);
    }

    /** As in an IDE. */
    @Test
    void folderOfClassesIsTheClassPathItself() throws Exception {
        Path folder = parent.resolve("with space");
        try (FileSystem jar = FileSystems.newFileSystem(MODULE)) {
            FileSystemUtils.copyRecursively(jar.getPath("/"), folder);
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()},
                ClassLoader.getPlatformClassLoader())) {
            assertThat(classPathOf(loader)).isEqualTo(folder);
        }
        assertThat(directory).isEmptyDirectory();
    }

    /** What can become of a file where something tidies, or where a machine loses its power. */
    enum Harm {
        GONE {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
            }
        },
        GONE_WITH_ITS_DIRECTORIES {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
                Files.delete(file.getParent());
                Files.delete(file.getParent().getParent());
            }
        },
        EMPTY {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, new byte[0]);
            }
        },
        CUT_SHORT {
            @Override
            void to(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            }
        },
        ZEROED {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, new byte[(int) Files.size(file)]);
            }
        },
        A_LINK {
            @Override
            void to(Path file) throws IOException {
                Files.createSymbolicLink(file, Files.move(file, file.resolveSibling("../moved")).toAbsolutePath());
            }
        };

        abstract void to(Path file) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void jarIsMadeAnewForTheNextStart(Harm harm) throws IOException {
        WorkerCache cache = new WorkerCache(directory);
        Path jar = Path.of(classPath(cache.command(ProcessKind.FRESH, 1 << 24)));
        byte[] whole = Files.readAllBytes(jar);
        harm.to(jar);

        assertThat(classPath(cache.command(ProcessKind.FRESH, 1 << 24))).isEqualTo(jar.toString());

        assertThat(jar).hasBinaryContent(whole).isRegularFile();
        assertThat(Files.isSymbolicLink(jar)).isFalse();
        assertThat(Files.getLastModifiedTime(jar).toMillis()).isZero();
        assertOnly(jar);
    }

    private static String classPath(WorkerCommand command) {
        return command.arguments().get(command.arguments().indexOf("-cp") + 1);
    }

    @ParameterizedTest
    @EnumSource
    void warmUpListIsMadeAnewForTheNextStart(Harm harm) throws IOException {
        WorkerCache cache = new WorkerCache(directory);
        Job job = cache.warmUp();
        harm.to(job.file());

        assertThat(cache.warmUp()).isEqualTo(job);

        try (ChildMapping list = ChildMapping.open(job.file(), job.mapping())) {
            assertThat(list.count()).isEqualTo(100);
        }
        assertThat(Files.isSymbolicLink(job.file())).isFalse();
        assertOnly(job.file());
    }

    @Test
    void jarThatIsTheSameIsLeftAloneButForItsTime() throws IOException {
        WorkerCache cache = new WorkerCache(directory);
        Path jar = cache.classPath();
        Object inode = Files.getAttribute(jar, "unix:ino");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));

        cache.classPath();

        // An AOT cache is for a jar of one time only.
        assertThat(Files.getLastModifiedTime(jar).toMillis()).isZero();
        assertThat(Files.getAttribute(jar, "unix:ino")).isEqualTo(inode);
    }

    @Test
    void nameOfTheWarmUpListSaysItsLayout() throws IOException {
        assertThat(new WorkerCache(directory).warmUp().file()).hasFileName("warm-up-100-v1.squares");
    }

    @Test
    void nameOfTheAotCacheSaysWhoseJvmItIsFor() throws IOException {
        WorkerCache cache = new WorkerCache(directory);
        Path jar = cache.classPath();
        Set<Path> names = new HashSet<>(Set.of(cache.aotCache(jar)));
        for (String property : List.of("java.vm.vendor", "java.vm.version")) {
            String value = System.setProperty(property, "another");
            names.add(cache.aotCache(jar));
            System.setProperty(property, value);
        }
        assertThat(names).hasSize(3).contains(cache.aotCache(jar));
    }

    @Test
    void directoryOfOneRunIsMadeAnewAndGoneAfterwards() throws IOException {
        Path first;
        Path second;
        try (WorkerCache cache = new WorkerCache(null)) {
            first = cache.classPath();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.getParent())))
                    .isEqualTo("rwx------");
            assertThat(cache.warmUp().file()).hasParent(first.getParent());
            Files.delete(cache.warmUp().file());
            Files.delete(first);
            Files.delete(first.getParent());
            // Somebody was faster to take the name.
            Files.createDirectory(first.getParent());

            second = cache.classPath();
            assertThat(second).exists();
            assertThat(cache.warmUp().file()).hasParent(second.getParent());
        }
        assertThat(second.getParent()).isNotEqualTo(first.getParent()).doesNotExist();
        Files.delete(first.getParent());
    }

    private void assertOnly(Path file) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    /** What a cache whose class is from that loader says. */
    private Path classPathOf(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type = loader.loadClass(WorkerCache.class.getName());
        Object cache = type.getConstructor(Path.class).newInstance(directory);
        return (Path) type.getMethod("classPath").invoke(cache);
    }

    /** Loads what is tested as the loader of an executable jar does: from a place that is an entry of another jar. */
    private static final class NestedJar extends SecureClassLoader {
        private final URL location;

        private NestedJar(URL location) {
            super(ClassLoader.getPlatformClassLoader());
            this.location = location;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = WorkerCache.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length, new CodeSource(location, (Certificate[]) null));
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
