package dev.squares.worker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.parent.AotTraining;
import dev.squares.worker.parent.WorkerCache;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One cache directory for all tests of a build, in every module, with an AOT cache in it from the start: a coordinator that makes one has a child
 * more than it has workers, for some seconds.
 */
public final class TrainedCache {
    private static final Path DIRECTORY = Path.of("..", "worker-process", "target", "worker-cache")
            .toAbsolutePath()
            .normalize();

    static {
        try (AotTraining training = new AotTraining(new WorkerCache(DIRECTORY))) {
            training.join();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(DIRECTORY).isDirectoryContaining("glob:**.aot");
    }

    private TrainedCache() {}

    /** Where it is. */
    public static Path directory() {
        return DIRECTORY;
    }
}
