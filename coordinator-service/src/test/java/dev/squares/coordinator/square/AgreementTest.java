package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.ParentMapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    /** As many as do not fit what a parent has mapped at a time, which is 1 MiB. */
    static final int OVER_A_WINDOW = 70_000;

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
    @ValueSource(ints = {2000, OVER_A_WINDOW})
    void anyMutationAnywhereIsSeen(int count) throws IOException {
        Random random = new Random(count);
        List<Long> squares = randomSquares(count);
        long[] inMemory = array(squares);
        try (ParentMapping memory = MappedSquares.published(directory, squares)) {
            for (int at : new int[]{0, 1, 779, 780, 781, 1559, 1560, count / 2, count - 780, count - 2, count - 1,
                    random.nextInt(count), random.nextInt(count), random.nextInt(count)}) {
                for (int block : new int[]{1 + random.nextInt(1000), 780, 512}) {
                    long[] changed = inMemory.clone();
                    changed[at] ^= 1L << random.nextInt(Long.SIZE);
                    assertAgreesAsArraysDo(memory, changed, inMemory, block);
                    long[] shorter = Arrays.copyOf(inMemory, count - 1);
                    System.arraycopy(inMemory, at + 1, shorter, at, count - 1 - at);
                    assertAgreesAsArraysDo(memory, shorter, inMemory, block);
                    long[] longer = Arrays.copyOf(inMemory, count + 1);
                    longer[at] = 1 + random.nextInt(3);
                    System.arraycopy(inMemory, at, longer, at + 1, count - at);
                    assertAgreesAsArraysDo(memory, longer, inMemory, block);
                    long[] swapped = inMemory.clone();
                    swapped[at] = inMemory[count - 1 - at];
                    swapped[count - 1 - at] = inMemory[at];
                    assertAgreesAsArraysDo(memory, swapped, inMemory, block);
                }
            }
            assertAgreesAsArraysDo(memory, inMemory.clone(), inMemory, 400);
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

    private static void assertAgreesAsArraysDo(ParentMapping memory, long[] reported, long[] inMemory, int block) {
        assertThat(agrees(memory, reported, block)).as("in blocks of %s", block)
                .isEqualTo(Arrays.equals(reported, inMemory));
    }

    private static boolean agrees(ParentMapping memory, List<Long> squares, int block) {
        return agrees(memory, array(squares), block);
    }

    private static boolean agrees(ParentMapping memory, long[] squares, int block) {
        Agreement agreement = new Agreement(memory);
        // Whatever is behind the squares in it is not theirs.
        long[] some = new long[block];
        for (int from = 0; from < squares.length; from += block) {
            int length = Math.min(squares.length - from, block);
            System.arraycopy(squares, from, some, 0, length);
            agreement.next(some, length);
        }
        return agreement.isComplete();
    }

    private static long[] array(List<Long> squares) {
        return squares.stream().mapToLong(Long::longValue).toArray();
    }
}
