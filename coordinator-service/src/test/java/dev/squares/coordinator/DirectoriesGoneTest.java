package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.ParentMailbox;
import dev.squares.worker.parent.WorkerCache;
import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** A coordinator goes on when something has removed its directories, as a temp cleaner does, or systemd when a user logs out. */
class DirectoriesGoneTest {
    private static final int LONGER_THAN_SHORT = ParentMailbox.MAX_COUNT + 1;
    private static final String LONG_LIST = Collections.nCopies(LONGER_THAN_SHORT, 2).toString();

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
    void allOfManyRequestsAreAnsweredAfterItsOwnSharedDirectoryHasGone() throws Exception {
        FileSystemUtils.deleteRecursively(own());

        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Reply>> requests = IntStream.range(0, 8)
                    .<Callable<Reply>>mapToObj(_ -> () -> client.square("?process=pooled", LONG_LIST))
                    .toList();
            for (Future<Reply> reply : clients.invokeAll(requests)) {
                assertThat(reply.get().requireOk().parent().squares()).hasSize(LONGER_THAN_SHORT).containsOnly(4);
            }
        }
        // A worker may be about to start, and its mailbox has a name until it has.
        Leftovers.eventually()
                .untilAsserted(() -> assertThat(own()).isDirectoryNotContaining(file -> !file.endsWith("lock")));
        assertThat(client.get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void saysSoWhileThereIsNoSharedDirectoryAndGoesOnWhenThereIs() throws IOException {
        FileSystemUtils.deleteRecursively(shared);

        Reply refused = client.squareUnchecked("", LONG_LIST);
        refused.requireProblem(503, "shared-directory-unavailable");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(client.get("/readyz").status()).isEqualTo(503);
        assertThat(client.get("/livez").status()).isEqualTo(200);

        Files.createDirectory(shared);
        // Without a request: where nothing is ready, none is sent.
        assertThat(client.get("/readyz").status()).isEqualTo(200);
        client.square("", LONG_LIST).requireOk();
    }

    @Test
    void shortListsNeedNoDirectory() throws IOException {
        FileSystemUtils.deleteRecursively(shared);
        client.square("?process=pooled", "[1, 2]").requireOk();
        Files.createDirectory(shared);
    }

    @Test
    void workersStartAgainAfterTheCacheHasGone() throws IOException {
        FileSystemUtils.deleteRecursively(cache);

        killIdleWorkers();

        client.square("", "[1, 2]").requireOk();
        // In the background.
        Leftovers.eventually().untilAsserted(() -> assertThat(cache).isDirectoryContaining("glob:**.aot"));
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
            Files.delete(files.filter(file -> file.toString().endsWith(".aot")).findFirst().orElseThrow());
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

    private Path own() throws IOException {
        try (Stream<Path> directories = Files.list(shared)) {
            List<Path> all = directories.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }
}
