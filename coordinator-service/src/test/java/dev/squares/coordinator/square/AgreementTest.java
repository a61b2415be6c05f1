package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.ParentMapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class AgreementTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 779, 780, 781, 5000, 100_000})
    void sameSquaresAgreeInBlocksOfAnyLength(int block) throws IOException {
        List<Long> squares = randomSquares(10_000);
        try (ParentMapping memory = MappedSquares.published(directory, squares)) {
            assertThat(agrees(memory, squares, block)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 40_000, 100_000, 140_000})
    void anyMutationAnywhereIsSeen(int count) throws IOException {
        Random random = new Random(count);
        List<Long> squares = randomSquares(count);
        try (ParentMapping memory = MappedSquares.published(directory, squares)) {
            for (int at : new int[]{0, 1, 779, 780, 781, 1559, 1560, count / 2, count - 780, count - 2, count - 1,
                    random.nextInt(count), random.nextInt(count), random.nextInt(count)}) {
                for (int block : new int[]{1 + random.nextInt(1000), 780, 512}) {
                    List<Long> changed = new ArrayList<>(squares);
                    changed.set(at, squares.get(at) ^ 1L << random.nextInt(Long.SIZE));
                    assertAgreesAsListsDo(memory, changed, squares, block);
                    List<Long> shorter = new ArrayList<>(squares);
                    shorter.remove(at);
                    assertAgreesAsListsDo(memory, shorter, squares, block);
                    List<Long> longer = new ArrayList<>(squares);
                    longer.add(at, 1L + random.nextInt(3));
                    assertAgreesAsListsDo(memory, longer, squares, block);
                    List<Long> swapped = new ArrayList<>(squares);
                    swapped.set(at, swapped.set(count - 1 - at, squares.get(at)));
                    assertAgreesAsListsDo(memory, swapped, squares, block);
                }
            }
            assertAgreesAsListsDo(memory, new ArrayList<>(squares), squares, 400);
        }
    }

    @Test
    void fewerAndMoreSquaresThanInTheMappingDisagree() throws IOException {
        List<Long> squares = randomSquares(800);
        try (ParentMapping memory = MappedSquares.published(directory, squares)) {
            assertThat(agrees(memory, squares.subList(0, 0), 400)).isFalse();
            assertThat(agrees(memory, squares.subList(0, 400), 400)).isFalse();
            assertThat(agrees(memory, squares.subList(0, 799), 400)).isFalse();
            List<Long> twice = new ArrayList<>(squares);
            twice.addAll(squares);
            assertThat(agrees(memory, twice, 400)).isFalse();
        }
    }

    @Test
    void nothingAgreesWithTheMappingOfAnEmptyList() throws IOException {
        try (ParentMapping memory = MappedSquares.published(directory, List.of())) {
            assertThat(agrees(memory, List.of(), 400)).isTrue();
            assertThat(agrees(memory, List.of(0L), 400)).isFalse();
        }
    }

    @Test
    void squaresThatWereNotPublishedAgreeWithNothing() throws IOException {
        List<Long> squares = randomSquares(1000);
        try (ParentMapping memory = MappedSquares.unpublished(directory, squares)) {
            assertThat(agrees(memory, squares, 400)).isFalse();
        }
    }

    static List<Long> randomSquares(int count) {
        return new Random(count).longs(count, 0, ParentMapping.MAX_INPUT + 1)
                .map(any -> any >> (any & 31))
                .map(any -> any * any)
                .boxed()
                .toList();
    }

    private static void assertAgreesAsListsDo(ParentMapping memory, List<Long> reported, List<Long> inMemory,
            int block) {
        if (agrees(memory, reported, block) != reported.equals(inMemory)) {
            assertThat(reported).as("in blocks of " + block).isNotEqualTo(inMemory);
        }
    }

    private static boolean agrees(ParentMapping memory, List<Long> squares, int block) {
        Agreement agreement = new Agreement(memory);
        for (int from = 0; from < squares.size(); from += block) {
            List<Long> some = squares.subList(from, Math.min(squares.size(), from + block));
            // Whatever is behind them is not theirs.
            long[] longs = new long[block];
            for (int i = 0; i < some.size(); i++) {
                longs[i] = some.get(i);
            }
            agreement.next(longs, some.size());
        }
        return agreement.isComplete();
    }
}
