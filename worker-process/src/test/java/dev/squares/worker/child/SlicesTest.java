package dev.squares.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.Slice;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.SumMode;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several real children, each on its own slice of one list in one mapped file. */
@ExtendWith(NoChildLeft.class)
class SlicesTest {
    private static final int LONG_LIST = 1_000_000;
    private static final int RUNS = 6;
    private static final int MOST_RUNS = 10 * RUNS;

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    @Test
    void eachReportsItsSliceAndTheParentObservesTheWhole() throws IOException {
        Path file = MappedFiles.createSliced(directory.resolve("file"), 2, LongStream.rangeClosed(1, 5));
        try (Child first = Child.start();
                Child second = Child.start();
                ParentMapping parent = ParentMapping.open(file)) {
            assertThat(second.send(line(file, Mapping.SHARED, View.FULL, 1, SumMode.OWN)).report()).isEqualTo(
                    "{\"pid\":" + second.pid() + ",\"from\":2,\"count\":3,\"sum\":50,\"squares\":[9,16,25]}");
            assertThat(parent.isDone()).isFalse();
            assertThat(parent.written()).isEqualTo(3);
            assertThat(first.send(line(file, Mapping.SHARED, View.SUMMARY, 0, SumMode.OWN)).report())
                    .isEqualTo("{\"pid\":" + first.pid() + ",\"from\":0,\"count\":2,\"sum\":5}");
            assertThat(parent.isDone()).isTrue();
            assertThat(parent.sum()).isEqualTo(55);
            assertThat(LongStream.range(0, 5).map(parent::square)).containsExactly(1L, 4L, 9L, 16L, 25L);
        }
    }

    @Test
    void privateSliceStaysInItsChild() throws IOException {
        Path file = MappedFiles.createSliced(directory.resolve("file"), 2, LongStream.rangeClosed(1, 5));
        try (Child child = Child.start(); ParentMapping parent = ParentMapping.open(file)) {
            assertThat(child.send(line(file, Mapping.PRIVATE, View.FULL, 0, SumMode.OWN)).report())
                    .isEqualTo("{\"pid\":" + child.pid() + ",\"from\":0,\"count\":2,\"sum\":5,\"squares\":[1,4]}");
            assertThat(parent.written()).isZero();
            assertThat(parent.slice(0).isDone()).isFalse();
        }
    }

    @Test
    void nobodyRunsBeforeAllHaveComeToTheGate() throws IOException, InterruptedException {
        try (Child first = Child.start(); Child second = Child.start()) {
            for (SumMode mode : EnumSet.complementOf(EnumSet.of(SumMode.OWN))) {
                Path file = MappedFiles.createSliced(directory.resolve(mode.name()), 2, LongStream.rangeClosed(1, 5));
                try (ParentMapping parent = ParentMapping.open(file)) {
                    first.send(line(file, Mapping.SHARED, View.SUMMARY, 0, mode));
                    Thread.sleep(200);
                    assertThat(first.hasSpoken()).as("%s", mode).isFalse();
                    assertThat(parent.written()).isZero();
                    second.send(line(file, Mapping.SHARED, View.SUMMARY, 1, mode));
                    assertThat(second.report()).contains("\"from\":2");
                    assertThat(first.report()).contains("\"from\":0");
                    assertThat(parent.isDone()).isTrue();
                }
            }
        }
    }

    @Test
    void childThatWaitsAtTheGateEndsWithItsParent() throws IOException, InterruptedException {
        Path file = MappedFiles.createSliced(directory.resolve("file"), 2, LongStream.rangeClosed(1, 5));
        try (Child child = Child.start()) {
            child.send(line(file, Mapping.SHARED, View.SUMMARY, 0, SumMode.ATOMIC));
            Thread.sleep(100);
            child.endInput();
            assertThat(child.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ATOMIC", "LOCKED"})
    void synchronizedChildrenNeverLoseAnUpdate(SumMode mode) throws IOException {
        assertThat(lostUpdates(mode)).hasSize(RUNS).containsOnly(0L);
    }

    /**
     * Most of the runs lose some where each child has a core, and no run must: on a machine that is busy with other tests, one child may
     * be done before the other has begun.
     */
    @Test
    void unsynchronizedChildrenLoseUpdatesAndNothingElse() throws IOException {
        List<Long> lost = new ArrayList<>();
        while (lost.size() < MOST_RUNS && lost.stream().filter(updates -> updates > 0).count() <= lost.size() / 2) {
            lost.addAll(lostUpdates(SumMode.UNSYNCHRONIZED));
        }
        assertThat(lost).allMatch(updates -> updates >= 0);
        assertThat(lost).filteredOn(updates -> updates > 0).hasSizeGreaterThan(RUNS / 2);
    }

    /** Of several runs, by how much the sum is short. All else of them is right. */
    private List<Long> lostUpdates(SumMode mode) throws IOException {
        List<Long> lost = new ArrayList<>();
        long truth = LongStream.rangeClosed(1, LONG_LIST).map(i -> i * i).sum();
        try (Child first = Child.start(); Child second = Child.start()) {
            for (int run = 0; run < RUNS; run++) {
                Path file = MappedFiles.createSliced(
                        Files.createTempDirectory(directory, "run").resolve("file"), 2,
                        LongStream.rangeClosed(1, LONG_LIST));
                try (ParentMapping parent = ParentMapping.open(file)) {
                    first.send(line(file, Mapping.SHARED, View.SUMMARY, 0, mode));
                    second.send(line(file, Mapping.SHARED, View.SUMMARY, 1, mode));
                    assertThat(first.report()).startsWith("{\"pid\":" + first.pid());
                    assertThat(second.report()).startsWith("{\"pid\":" + second.pid());
                    assertThat(parent.sum()).isEqualTo(truth);
                    assertThat(parent.square(LONG_LIST - 1)).isEqualTo((long) LONG_LIST * LONG_LIST);
                    lost.add(truth - parent.sharedSum());
                }
            }
        }
        return lost;
    }

    @ParameterizedTest
    @EnumSource
    void sliceThatIsNoneEndsTheChildAsABadFileDoes(SumMode mode) throws IOException {
        Path sliced = MappedFiles.createSliced(directory.resolve("sliced"), 2, LongStream.rangeClosed(1, 5));
        Path whole = MappedFiles.create(directory.resolve("whole"), 1, 2);
        try (Child child = Child.start(); Child other = Child.start()) {
            assertThat(child.send(line(sliced, Mapping.SHARED, View.FULL, 2, mode)).exitCode()).isEqualTo(65);
            assertThat(child.stderr()).contains("no such slice: 2 of 2");
            assertThat(other.send(line(whole, Mapping.SHARED, View.FULL, 0, mode)).exitCode()).isEqualTo(65);
            assertThat(other.stderr()).contains("no such slice: 0 of 0");
        }
    }

    private static String line(Path file, Mapping mapping, View view, int slice, SumMode sum) {
        return new Job(file, mapping, view, new Slice(slice, sum)).line();
    }
}
