package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A parent that is killed takes its children with it: the idle ones, and the one in the middle of its job. */
@ExtendWith(NoChildLeft.class)
class OrphanTest {
    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    @Test
    void killedParentLeavesNoOrphan() throws IOException {
        Path list = MappedFiles.create(directory.resolve("list"), LongStream.range(0, 200_000));
        Process parent = new ProcessBuilder(
                Commands.java(),
                "-Xmx64m",
                "-cp",
                Commands.classPath(WorkerPool.class) + ":" + Commands.classPath(ParentMain.class),
                ParentMain.class.getName(),
                directory.resolve("cache").toString(),
                list.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader said = parent.inputReader()) {
            List<ProcessHandle> children = Stream.of(said.readLine().split(" "))
                    .mapToLong(Long::parseLong)
                    .distinct()
                    .mapToObj(pid -> ProcessHandle.of(pid).orElseThrow())
                    .toList();
            assertThat(children).hasSize(4);

            parent.toHandle().destroyForcibly();
            await().pollInterval(Duration.ofMillis(5)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            parent.destroyForcibly();
        }
    }
}
