package dev.squares.worker.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;

import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A parent that looks at the file all the while a real child is at work sees nothing before it is there. */
@ExtendWith(NoChildLeft.class)
class ObservedWorkerTest {
    private static final int JOBS = 50;
    private static final int COUNT = 100_000;
    private static final long SUM = LongStream.rangeClosed(1, COUNT).map(i -> i * i).sum();

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    @Test
    void observerNeverSeesMoreThanTheChildHasStored() throws IOException {
        try (Child child = Child.start()) {
            for (int job = 0; job < JOBS; job++) {
                Path file = MappedFiles.create(directory.resolve("file"), LongStream.rangeClosed(1, COUNT));
                try (ParentMapping parent = ParentMapping.open(file)) {
                    child.send(new Job(file, Mapping.SHARED, View.SUMMARY).line());
                    observe(parent, child.pid());
                }
                assertThat(child.report()).contains("\"sum\":" + SUM);
                Files.delete(file);
            }
        }
    }

    private static void observe(ParentMapping parent, long childPid) {
        long seen = 0;
        for (boolean done = false; !done;) {
            done = parent.isDone();
            long written = done ? COUNT : parent.written();
            for (; seen < written; seen++) {
                if (parent.square(seen) != (seen + 1) * (seen + 1)) {
                    fail("the square at " + seen + " was not there: done=" + done + " written=" + written);
                }
            }
        }
        assertThat(parent.sum().longValueExact()).isEqualTo(SUM);
        assertThat(parent.childPid()).isEqualTo(childPid);
        assertThat(parent.written()).isEqualTo(COUNT);
    }
}
