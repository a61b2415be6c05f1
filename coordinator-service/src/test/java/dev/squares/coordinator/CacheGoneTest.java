package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.parent.WorkerCache;
import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** A coordinator goes on when something has removed what its workers start from. */
class CacheGoneTest {
    @TempDir
    private Path folder;

    private Path cache;
    private Path shared;
    private Coordinator coordinator;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        shared = TemporaryDirectories.create();
        cache = Files.createDirectory(folder.resolve("cache"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Stream<Path> files = Files.list(TrainedCache.directory())) {
            for (Path file : files.toList()) {
                Files.copy(file, cache.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        coordinator = Coordinator.start(shared, "--squares.worker.cache-directory=" + cache);
        client = coordinator.client();
        client.square("?process=pooled", "[1, 2]").requireOk();
        // None is about to start that could be the first to miss what is taken away.
        Leftovers.eventually().until(() -> workers().size() == 2);
    }

    @AfterEach
    void stop() throws IOException {
        coordinator.close();
        assertThat(shared).isEmptyDirectory();
        FileSystemUtils.deleteRecursively(shared);
    }

    @Test
    void workersStartAgainAfterTheCacheHasGone() throws IOException {
        FileSystemUtils.deleteRecursively(cache);

        killIdleWorkers();

        client.square("", "[1, 2]").requireOk();
        // In the background, until there is one again: how that ends, after seconds, is in AotTrainingTest.
        Leftovers.eventually()
                .until(() -> workers().stream().anyMatch(worker -> arguments(worker).contains("-XX:AOTCacheOutput=")));
    }

    @Test
    void workersStartAgainAfterTheirJarWasCutShort() throws IOException {
        Path jar;
        try (WorkerCache same = new WorkerCache(cache)) {
            jar = same.classPath();
        }
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(whole, whole.length / 2));
        // It has the jar's classes too, and workers could start from it alone.
        try (Stream<Path> files = Files.list(cache)) {
            Path aotCache = files.filter(file -> file.toString().endsWith(".aot")).findFirst().orElseThrow();
            Files.delete(aotCache);
            // Where there is one, though it is of no use, no other is made.
            Files.createFile(aotCache);
        }

        killIdleWorkers();

        client.square("", "[1, 2]").requireOk();
        assertThat(jar).hasBinaryContent(whole);
    }

    /** The coordinator's: other tests' are children of this process too. */
    private List<ProcessHandle> workers() {
        return ProcessHandle.current()
                .children()
                .filter(child -> arguments(child).contains(cache.toString()))
                .toList();
    }

    private void killIdleWorkers() {
        List<ProcessHandle> workers = workers();
        workers.forEach(ProcessHandle::destroyForcibly);
        workers.forEach(worker -> worker.onExit().join());
    }

    private static String arguments(ProcessHandle process) {
        return process.info().arguments().stream().flatMap(Stream::of).collect(Collectors.joining(" "));
    }
}
