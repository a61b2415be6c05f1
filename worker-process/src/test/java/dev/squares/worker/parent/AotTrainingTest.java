package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoChildLeft.class)
class AotTrainingTest {
    private static final long LEAST_HEAP = 4 << 20;

    /** What they make is as good, but no worker would be as fast with it. {@link TrainedCache} does as many as a service does. */
    private static final int FEW_ROUNDS = 10;

    /** Each time takes milliseconds of the processor; and what is awaited lives for a second. */
    private static final Duration TO_LIST_PROCESSES = Duration.ofMillis(50);

    @TempDir
    private Path parent;

    private Path directory;
    private WorkerCache cache;

    @BeforeEach
    void makeCache() throws IOException {
        directory = parent.resolve("cache");
        cache = new WorkerCache(directory);
    }

    @Test
    void workersOfEveryHeapStartFromWhatItMakesOnce() throws Exception {
        Path made = takeWhatWasMade();
        Object inode = Files.getAttribute(made, "unix:ino");
        // With "on", a JVM that cannot use the cache does not start.
        assertThat(serves("-XX:AOTMode=on", LEAST_HEAP)).isTrue();
        assertThat(serves("-XX:AOTMode=on", 1L << 30)).isTrue();

        train();
        assertThat(Files.getAttribute(made, "unix:ino")).isEqualTo(inode);
        assertThat(files()).containsExactlyInAnyOrder(made, cache.classPath(), cache.warmUp().file());
    }

    @Test
    void cacheIsForAJarOfAnyTime() throws Exception {
        takeWhatWasMade();
        // As when a clean-up of old files in /tmp has taken the jar and left the cache.
        Files.delete(cache.classPath());
        assertThat(serves("-XX:AOTMode=on", LEAST_HEAP)).isTrue();
    }

    @Test
    void makesItAnewWhenAWorkerIsAboutToStartWithoutAndAgainAfterAPauseOnly() throws Exception {
        Path made = takeWhatWasMade();
        try (AotTraining training = new AotTraining(cache, FEW_ROUNDS, Duration.ofDays(1))) {
            training.join();
            Files.delete(made);

            for (int start = 0; start < 10; start++) {
                cache.command(ProcessKind.FRESH, LEAST_HEAP);
            }

            await().until(() -> Files.exists(made));
            training.join();
            assertThat(serves("-XX:AOTMode=on", LEAST_HEAP)).isTrue();
            assertThat(files()).containsExactlyInAnyOrder(made, cache.classPath(), cache.warmUp().file());

            Files.delete(made);
            cache.command(ProcessKind.FRESH, LEAST_HEAP);
            training.join();
            assertThat(made).doesNotExist();
        }
    }

    @Test
    void workersStartWithoutOneAndWithABrokenOne() throws Exception {
        assertThat(serves("-XX:AOTMode=on", LEAST_HEAP)).isFalse();
        assertThat(serves("-XX:AOTMode=auto", LEAST_HEAP)).isTrue();
        Path made = takeWhatWasMade();
        byte[] bytes = Files.readAllBytes(made);
        for (int length : List.of(0, 1000, bytes.length / 2)) {
            Files.write(made, Arrays.copyOf(bytes, length));
            assertThat(serves("-XX:AOTMode=auto", LEAST_HEAP)).as("length %s", length).isTrue();
        }
    }

    @Test
    void closingGivesUpAndLeavesNothing() throws Exception {
        AotTraining training = new AotTraining(cache, FEW_ROUNDS, Duration.ZERO);
        await().pollInterval(TO_LIST_PROCESSES)
                .until(() -> NoChildLeft.children().stream().anyMatch(child -> child.descendants().count() > 0));
        training.close();
        assertThat(NoChildLeft.children()).isEmpty();
        assertThat(files()).containsExactlyInAnyOrder(cache.classPath(), cache.warmUp().file());
        new AotTraining(cache).close();
        assertThat(aotCaches()).isEmpty();
    }

    @Test
    void killedServiceLeavesATrainingThatEndsByItself() throws Exception {
        Process service = new ProcessBuilder(Commands.java(), "-cp", Commands.classPath(AotTraining.class).toString(),
                AotTraining.class.getName(), directory.toString()).start();
        await().until(() -> service.children().findAny().isPresent());
        ProcessHandle worker = service.children().findAny().orElseThrow();
        service.destroyForcibly().waitFor();
        Set<ProcessHandle> assemblers = new HashSet<>();
        await().pollInterval(TO_LIST_PROCESSES).until(() -> {
            worker.descendants().forEach(assemblers::add);
            return !worker.isAlive() && assemblers.stream().noneMatch(ProcessHandle::isAlive);
        });
    }

    @Test
    void failureIsNotThrownAtAnybody() throws Exception {
        Path unused = cache.classPath();
        Files.delete(unused);
        Files.createDirectory(unused);
        train();
        assertThat(aotCaches()).isEmpty();
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void nextServiceSweepsWhatWasLeftUnfinishedLongAgo() throws IOException {
        Path old = Files.createFile(directory.resolve("old.unfinished.config"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        Path young = Files.createFile(directory.resolve("young.unfinished"));
        new WorkerCache(directory);
        assertThat(files()).containsExactly(young);
    }

    /** What one training has made for all tests of the build. */
    private Path takeWhatWasMade() throws IOException {
        Path aotCache = cache.aotCache(cache.classPath());
        return Files.copy(TrainedCache.directory().resolve(aotCache.getFileName()), aotCache);
    }

    private void train() throws InterruptedException {
        try (AotTraining training = new AotTraining(cache)) {
            training.join();
        }
    }

    /** Whether a worker of either kind that is started with the option does its job. */
    private boolean serves(String option, long heapBytes) throws Exception {
        return serves(option, cache.command(ProcessKind.FRESH, heapBytes))
                && serves(option, cache.command(ProcessKind.POOLED, heapBytes));
    }

    private boolean serves(String option, WorkerCommand command) throws Exception {
        List<String> arguments = new ArrayList<>(command.arguments());
        arguments.add(1, option);
        Process worker = new WorkerCommand(arguments).start();
        try (OutputStream stdin = worker.getOutputStream(); InputStream stdout = worker.getInputStream()) {
            stdin.write((cache.warmUp().line() + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
            new ReportStream(stdout, Long.MAX_VALUE).finish();
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            worker.waitFor();
        }
    }

    private Stream<Path> aotCaches() {
        return files().stream().filter(file -> file.toString().endsWith(".aot"));
    }

    private Stream<Path> unfinished() {
        return files().stream().filter(file -> file.toString().contains(".unfinished"));
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
