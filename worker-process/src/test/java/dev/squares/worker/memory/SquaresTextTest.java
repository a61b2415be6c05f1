package dev.squares.worker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SquaresTextTest {
    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    @Test
    void numbersOfAnyLengthAreWhatJavaWrites() throws IOException {
        LongStream lengths = LongStream
                .iterate(1, power -> power > 0 && power <= 1_000_000_000_000_000_000L, power -> 10 * power)
                .flatMap(power -> LongStream.of(power - 1, power, power + 1, -power));
        LongStream ends = LongStream.of(Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, Long.MIN_VALUE + 1);
        assertIsWhatJavaWrites(LongStream.concat(lengths, ends).toArray());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 779, 780, 781, 1560, 20_000})
    void everyPieceIsThere(int count) throws IOException {
        assertIsWhatJavaWrites(new Random(count).longs(count).map(random -> random >> (random & 63)).toArray());
    }

    private void assertIsWhatJavaWrites(long[] squares) throws IOException {
        Path file = MappedFiles.create(directory.resolve("file"), new long[squares.length]);
        try (ChildMapping memory = ChildMapping.open(file, Job.Mapping.SHARED)) {
            memory.squares(0, squares.length).put(squares);
            SquaresText text = new SquaresText(memory);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (ByteBuffer piece = text.nextPiece(); piece != null; piece = text.nextPiece()) {
                bytes.write(piece.array(), piece.position(), piece.remaining());
            }
            assertThat(bytes.toString()).isEqualTo(
                    LongStream.of(squares).mapToObj(Long::toString).collect(Collectors.joining(",", "", "]")));
        }
    }
}
