package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.service.problem.ProblemException;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.ParentMailbox;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.Quota;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortListTest {
    private static final int MAX_LENGTH = 1_000_000;
    private static final int BODIES = 1_000;
    private static final IntegerListReader GENERAL_READER = new IntegerListReader(
            SquaresSettings.with("max-length=" + MAX_LENGTH));
    private static final String[] PIECES = {"[", "]", ",", "-", " ", "\n", "\t", "0", "1", "7", "42", "-3",
            "3037000499",
            "3037000500", "-3037000499", "99999999999", "007", "1.0", "1e2", "\"1\"", "null", "[1]", "{}", "\ufeff"};

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"[]", " [ ] ", "[1]", "[-0]", "[1,2]", "\r\n[ 1 ,\t-2 , 3037000499 ]\n"})
    void takesWhatIsPlain(String body) throws IOException {
        assertThat(parse(body)).isNotNull().isEqualTo(general(body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "[1]x", "[01]", "[-]", "[--1]",
            "[1.0]", "[1e2]", "[3037000500]", "[-3037000500]", "[12345678901]", "[99999999999999999999]", "[null]",
            "[\"1\"]", "[[1]]", "{}", "\ufeff[1]"})
    void leavesEverythingElse(String body) {
        assertThat(parse(body)).isNull();
    }

    @Test
    void takesNoMoreThanASlotHasRoomForOrThanAreWanted() {
        assertThat(parse(ones(ParentMailbox.MAX_COUNT))).hasSize(ParentMailbox.MAX_COUNT);
        assertThat(parse(ones(ParentMailbox.MAX_COUNT + 1))).isNull();
        assertThat(ShortList.parse(bytes("[1,2,3]"), 3)).hasSize(3);
        assertThat(ShortList.parse(bytes("[1,2,3]"), 2)).isNull();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverSaysAnythingElseThanTheGeneralReader(long seed) throws IOException {
        Random random = new Random(seed);
        int plain = 0;
        for (int i = 0; i < BODIES; i++) {
            String body = random.nextBoolean() ? piecedTogether(random) : mutated(random);
            long[] list = parse(body);
            if (list != null) {
                assertThat(list).as(body).isEqualTo(general(body));
                plain++;
            }
        }
        assertThat(plain).as("seed=" + seed).isGreaterThan(BODIES / 100);
    }

    static LongStream seeds() {
        return LongStream.of(1, System.nanoTime());
    }

    private static String piecedTogether(Random random) {
        return "[" + random.ints(random.nextInt(6), 0, PIECES.length)
                .mapToObj(i -> PIECES[i])
                .collect(
                        Collectors.joining(random.nextInt(3) == 0 ? "" : ","))
                + "]";
    }

    /** A plain list, a byte of which is perhaps another. */
    private static String mutated(Random random) {
        StringBuilder body = new StringBuilder(random.longs(random.nextInt(5), -4_000_000_000L, 4_000_000_000L)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(", ", "[", "]")));
        if (random.nextBoolean()) {
            body.setCharAt(random.nextInt(body.length()), "[],- 0123456789.e\"".charAt(random.nextInt(18)));
        }
        return body.toString();
    }

    /** What the general reader takes from a body; null if it refuses it. */
    private long[] general(String body) throws IOException {
        Path file = directory.resolve("list");
        byte[] bytes = bytes(body);
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            GENERAL_READER.read(new ByteArrayInputStream(bytes), bytes.length, writer);
            writer.complete();
        } catch (ProblemException e) {
            return null;
        }
        try (ParentMapping list = ParentMapping.open(file)) {
            return LongStream.range(0, list.count()).map(list::input).toArray();
        } finally {
            Files.delete(file);
        }
    }

    private static long[] parse(String body) {
        return ShortList.parse(bytes(body), MAX_LENGTH);
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private static String ones(int count) {
        return LongStream.range(0, count).mapToObj(i -> "1").collect(Collectors.joining(",", "[", "]"));
    }
}
