package dev.squares.worker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.parent.AotTraining;
import dev.squares.worker.parent.ProcessKind;
import dev.squares.worker.parent.WorkerCache;
import dev.squares.worker.parent.WorkerCommand;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One cache directory for all tests of a build, in every module, with an AOT cache in it from the start: a coordinator that makes one has a child
 * more than it has workers, for some seconds.
 */
public final class TrainedCache {
    private static final Path DIRECTORY = Path.of("..", "worker-process", "target", "worker-cache")
            .toAbsolutePath()
            .normalize();

    private static final WorkerCache CACHE;

    static {
        // The tests of several modules begin at the same time, and one of them trains for all.
        try (FileChannel file = FileChannel.open(DIRECTORY.resolveSibling("worker-cache.lock"),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE); FileLock _ = file.lock()) {
            CACHE = new WorkerCache(DIRECTORY);
            try (AotTraining training = new AotTraining(CACHE)) {
                training.join();
            }
            // In an IDE, where they run from a folder of classes, workers start without.
            if (!Files.isDirectory(CACHE.classPath())) {
                assertThat(DIRECTORY).isDirectoryContaining("glob:**.aot");
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TrainedCache() {}

    /** Where it is. */
    public static Path directory() {
        return DIRECTORY;
    }

    /** A worker that starts from it, with both compilers. */
    public static WorkerCommand worker(long heapBytes) throws IOException {
        return CACHE.command(ProcessKind.POOLED, heapBytes);
    }
}
