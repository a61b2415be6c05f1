package dev.squares.worker.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SquaringTest {
    private static final int BLOCK = 8192;
    private static final BigInteger TWO_TO_64 = BigInteger.TWO.pow(64);

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8191, 8192, 8193, 16_384, 16_385, 100_000})
    void squaresAndSumAreExact(int count) throws IOException {
        long[] inputs = new Random(count).longs(count, -MappedFile.MAX_INPUT, MappedFile.MAX_INPUT + 1).toArray();
        assertSquared(inputs);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8191, 8192, 8193, 100_000})
    void sumOfTheLargestSquaresIsExact(int count) throws IOException {
        long[] inputs = new long[count];
        Arrays.setAll(inputs, i -> i % 2 == 0 ? MappedFile.MAX_INPUT : -MappedFile.MAX_INPUT);
        BigInteger sum = assertSquared(inputs);
        assertThat(sum.compareTo(TWO_TO_64) > 0).isEqualTo(count > 2);
    }

    private BigInteger assertSquared(long[] inputs) throws IOException {
        Path file = MappedFiles.create(directory.resolve("file"), inputs);
        try (ChildMapping child = ChildMapping.open(file, Job.Mapping.SHARED);
                ParentMapping memory = ParentMapping.open(file)) {
            Squaring.run(child, 4242);

            assertThat(memory.isDone()).isTrue();
            assertThat(memory.written()).isEqualTo(inputs.length);
            assertThat(memory.childPid()).isEqualTo(4242);
            BigInteger sum = BigInteger.ZERO;
            for (int i = 0; i < inputs.length; i++) {
                long square = Math.multiplyExact(inputs[i], inputs[i]);
                assertThat(memory.square(i)).isEqualTo(square);
                sum = sum.add(BigInteger.valueOf(square));
            }
            assertThat(memory.sum()).isEqualTo(sum);
            return sum;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {MappedFile.MAX_INPUT + 1, -MappedFile.MAX_INPUT - 1, Long.MAX_VALUE, Long.MIN_VALUE,
            1L << 32})
    void squareThatDoesNotFitIsAnErrorAndNeverDone(long input) throws IOException {
        long[] inputs = new long[2 * BLOCK];
        inputs[BLOCK] = input;
        Path file = MappedFiles.create(directory.resolve("file"), inputs);
        try (ChildMapping child = ChildMapping.open(file, Job.Mapping.SHARED);
                ParentMapping memory = ParentMapping.open(file)) {
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Squaring.run(child, 4242))
                    .withMessage("a square does not fit 64 bits: between index=8192 and 16383");
            assertThat(memory.isDone()).isFalse();
            assertThat(memory.written()).isEqualTo(BLOCK);
        }
    }

    @Test
    void largestInputIsTheLastWhoseSquareFits() {
        assertThat(Math.multiplyExact(MappedFile.MAX_INPUT, MappedFile.MAX_INPUT)).isPositive();
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Math.multiplyExact(MappedFile.MAX_INPUT + 1, MappedFile.MAX_INPUT + 1));
    }
}
