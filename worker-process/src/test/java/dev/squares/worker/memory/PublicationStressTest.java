package dev.squares.worker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two threads, each with a mapping of its own, as fast as they can: nothing is seen before it is there. */
class PublicationStressTest {
    private static final int ROUNDS = 700;
    private static final int COUNT = 1500;
    private static final long SUM = LongStream.range(0, COUNT).map(i -> square(i)).sum();

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    @Test
    void observerNeverSeesMoreThanHasBeenStored() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Path file = MappedFiles.create(directory.resolve("file"), LongStream.range(0, COUNT));
            AtomicInteger atStart = new AtomicInteger(2);
            int step = 1 + round % 97;
            CompletableFuture<Long> publisher = Background.run(() -> publish(file, step, atStart));
            observe(file, atStart);
            assertThat(publisher.join()).isEqualTo(COUNT);
            Files.delete(file);
        }
    }

    private static long publish(Path file, int step, AtomicInteger atStart) throws IOException {
        try (ChildMapping memory = ChildMapping.open(file, Job.Mapping.SHARED)) {
            startTogether(atStart);
            for (int i = 0; i < COUNT; i++) {
                memory.squares(i, 1).put(0, square(i));
                if (i % step == 0) {
                    memory.publishProgress(i + 1);
                }
            }
            memory.publishDone(7, SUM, 4242);
            return memory.count();
        }
    }

    private static void observe(Path file, AtomicInteger atStart) throws IOException {
        try (ParentMapping memory = ParentMapping.open(file)) {
            startTogether(atStart);
            long seen = 0;
            for (boolean done = false; !done;) {
                done = memory.isDone();
                long written = done ? COUNT : memory.written();
                for (; seen < written; seen++) {
                    if (memory.square(seen) != square(seen)) {
                        fail("the square at " + seen + " was not there: done=" + done + " written=" + written);
                    }
                }
            }
            assertThat(memory.sum().longValue()).isEqualTo(SUM);
            assertThat(memory.sum().shiftRight(64)).isEqualTo(7);
            assertThat(memory.childPid()).isEqualTo(4242);
        }
    }

    /** Spins: being woken up would take longer than the whole work. */
    private static void startTogether(AtomicInteger atStart) {
        atStart.decrementAndGet();
        while (atStart.get() > 0) {
            Thread.yield();
        }
    }

    private static long square(long input) {
        // Never zero, which is what stands there before.
        return (input + 1) * (input + 1);
    }
}
