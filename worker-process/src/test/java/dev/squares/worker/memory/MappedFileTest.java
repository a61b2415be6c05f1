package dev.squares.worker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappedFileTest {
    private static final String MAGIC = "3153455241555153";

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("file");
    }

    /** The later columns are wrong too where the earlier ones are: the first fault in order is the one that is named. */
    @ParameterizedTest
    @CsvSource(
            textBlock = """
                    0,  0,                0, 0,                  file too short for a header: expected=64 or more actual=0
                    63, 0,                7, -1,                 file too short for a header: expected=64 or more actual=63
                    95, 0,                7, -1,                 magic mismatch: expected=3153455241555153 actual=0
                    96, 5351554152455331, 1, 2,                  magic mismatch: expected=3153455241555153 actual=5351554152455331
                    95, 3153455241555153, 7, -1,                 version mismatch: expected=1 actual=7
                    96, 3153455241555153, 0, 2,                  version mismatch: expected=1 actual=0
                    95, 3153455241555153, 1, -1,                 count out of range: expected=0 to 576460752303423483 actual=-1
                    96, 3153455241555153, 1, 576460752303423484, count out of range: expected=0 to 576460752303423483 actual=576460752303423484
                    96, 3153455241555153, 1, 576460752303423483, length disagrees with count=576460752303423483: expected=9223372036854775792 actual=96
                    96, 3153455241555153, 1, 1152921504606846978, count out of range: expected=0 to 576460752303423483 actual=1152921504606846978
                    95, 3153455241555153, 1, 2,                  length disagrees with count=2: expected=96 actual=95
                    97, 3153455241555153, 1, 2,                  length disagrees with count=2: expected=96 actual=97
                    96, 3153455241555153, 1, 3,                  length disagrees with count=3: expected=112 actual=96
                    """)
    void namesTheFirstFaultOfAFile(int length, String magic, int version, long count, String message)
            throws IOException {
        ByteBuffer header = Layout.header(count);
        header.putLong(Layout.MAGIC_OFFSET, Long.parseUnsignedLong(magic, 16));
        header.putInt(Layout.VERSION_OFFSET, version);
        byte[] bytes = new byte[length];
        header.get(0, bytes, 0, Math.min(length, Layout.HEADER_BYTES));
        Files.write(file, bytes);

        for (Job.Mapping mapping : Job.Mapping.values()) {
            assertThatExceptionOfType(BadMappedFileException.class).isThrownBy(() -> ChildMapping.open(file, mapping))
                    .withMessage(message + " file=" + file);
        }
        assertThatExceptionOfType(BadMappedFileException.class).isThrownBy(() -> ParentMapping.open(file))
                .withMessage(message + " file=" + file);
    }

    /** What a child would read and write by. */
    @ParameterizedTest
    @CsvSource(
            textBlock = """
                    56,  -1, slices out of range: expected=0 to 1024 actual=-1
                    56,  1025, slices out of range: expected=0 to 1024 actual=1025
                    56,  3, length disagrees with count=7: expected=560 actual=496
                    256, -1, slice out of range: expected=0 to 7 actual=-1 and 3 more
                    272, 8, slice out of range: expected=0 to 7 actual=0 and 8 more
                    320, 4, slice out of range: expected=0 to 7 actual=4 and 4 more
                    336, -1, slice out of range: expected=0 to 7 actual=3 and -1 more
                    336, 9223372036854775807, slice out of range: expected=0 to 7 actual=3 and 9223372036854775807 more
                    """)
    void namesTheFaultOfASlice(int offset, long value, String message) throws IOException {
        MappedFiles.createSliced(file, 2, LongStream.rangeClosed(1, 7));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(Layout.ORDER);
        if (offset == Layout.SLICES_OFFSET) {
            bytes.putInt(offset, (int) value);
        } else {
            bytes.putLong(offset, value);
        }
        Files.write(file, bytes.array());

        assertThatExceptionOfType(BadMappedFileException.class)
                .isThrownBy(() -> ChildMapping.open(file, Job.Mapping.SHARED))
                .withMessage(message + " file=" + file);
        assertThatExceptionOfType(BadMappedFileException.class).isThrownBy(() -> ParentMapping.open(file))
                .withMessage(message + " file=" + file);
    }

    @Test
    void childrenPublishInTheirSlicesAndTheParentSeesTheWhole() throws IOException {
        MappedFiles.createSliced(file, 2, LongStream.rangeClosed(1, 5));
        try (ParentMapping parent = ParentMapping.open(file);
                ChildMapping first = ChildMapping.open(file, Job.Mapping.SHARED);
                ChildMapping second = ChildMapping.open(file, Job.Mapping.SHARED)) {
            ChildMapping three = second.slice(1);
            assertThat(three.from()).isEqualTo(2);
            assertThat(three.count()).isEqualTo(3);
            assertThat(three.input(0)).isEqualTo(3);
            three.squares(0, 3).put(new long[]{9, 16, 25});
            three.publishProgress(3);
            three.publishDone(1, 50, 4243);
            assertThat(parent.written()).isEqualTo(3);
            assertThat(parent.isDone()).isFalse();
            assertThat(parent.slice(1).isDone()).isTrue();
            assertThat(parent.slice(0).isDone()).isFalse();

            ChildMapping two = first.slice(0);
            two.squares(0, 2).put(new long[]{1, 4});
            two.publishProgress(2);
            two.publishDone(0, -1, 4242);
            assertThat(parent.written()).isEqualTo(5);
            assertThat(parent.isDone()).isTrue();
            assertThat(LongStream.range(0, 5).map(parent::square)).containsExactly(1L, 4L, 9L, 16L, 25L);
            assertThat(parent.slice(1).square(0)).isEqualTo(9);
            // 128 bits, as ever.
            assertThat(parent.sum()).isEqualTo(BigInteger.TWO.pow(65).add(BigInteger.valueOf(49)));
            assertThatExceptionOfType(BadMappedFileException.class).isThrownBy(() -> parent.slice(2))
                    .withMessage("no such slice: 2 of 2");
            assertThatExceptionOfType(BadMappedFileException.class).isThrownBy(() -> first.slice(-1));
        }
    }

    @Test
    void magicIsWhatTheTableSays() {
        assertThat(Long.toHexString(Layout.MAGIC)).isEqualTo(MAGIC);
    }

    @Test
    void missingFileIsNotCreated() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> ChildMapping.open(file, Job.Mapping.SHARED));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> ParentMapping.open(file));
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 100_000})
    void everyInputAndSquareHasItsPlace(int count) throws IOException {
        MappedFiles.create(file, LongStream.range(0, count).map(i -> 3 * i - 1000));
        try (ChildMapping child = ChildMapping.open(file, Job.Mapping.SHARED);
                ParentMapping parent = ParentMapping.open(file)) {
            assertThat(child.count()).isEqualTo(count);
            long[] inputs = LongStream.range(0, count).map(i -> 3 * i - 1000).toArray();
            long[] squares = LongStream.range(0, count).map(i -> 5 * i + 1).toArray();
            assertThat(LongStream.range(0, count).map(child::input).toArray()).isEqualTo(inputs);
            for (int i = 0; i < count; i++) {
                child.squares(i, 1).put(0, squares[i]);
            }
            assertThat(LongStream.range(0, count).map(parent::input).toArray()).isEqualTo(inputs);
            assertThat(LongStream.range(0, count).map(parent::square).toArray()).isEqualTo(squares);
        }
    }

    @Test
    void sharedMappingIsSeenByTheParent() throws IOException {
        MappedFiles.create(file, 7);
        try (ParentMapping parent = ParentMapping.open(file)) {
            assertThat(parent.isDone()).isFalse();
            assertThat(parent.written()).isZero();
            try (ChildMapping child = ChildMapping.open(file, Job.Mapping.SHARED)) {
                child.squares(0, 1).put(0, 49);
                child.publishProgress(1);
                assertThat(parent.written()).isEqualTo(1);
                assertThat(parent.isDone()).isFalse();
                child.publishDone(0, 49, 4242);
            }
            assertThat(parent.isDone()).isTrue();
            assertThat(parent.square(0)).isEqualTo(49);
            assertThat(parent.sum()).isEqualTo(49);
            assertThat(parent.childPid()).isEqualTo(4242);
        }
    }

    @Test
    void privateMappingIsSeenByTheChildAlone() throws IOException {
        MappedFiles.create(file, 7);
        byte[] before = Files.readAllBytes(file);
        try (ParentMapping parent = ParentMapping.open(file);
                ChildMapping child = ChildMapping.open(file, Job.Mapping.PRIVATE)) {
            child.squares(0, 1).put(0, 49);
            child.publishProgress(1);
            child.publishDone(0, 49, 4242);

            assertThat(child.sum()).isEqualTo(49);
            assertThat(child.square(0)).isEqualTo(49);
            assertThat(parent.isDone()).isFalse();
            assertThat(parent.written()).isZero();
            assertThat(parent.square(0)).isZero();
        }
        assertThat(file).hasBinaryContent(before);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 30, 30", "0, 9223372036854775807, 9223372036854775807",
            "0, -9223372036854775808, 9223372036854775808", "0, -1, 18446744073709551615",
            "1, 0, 18446744073709551616", "1, -1, 36893488147419103231",
            "9223372036854775807, -1, 170141183460469231731687303715884105727"})
    void sumIs128BitsWide(long high, long low, BigInteger sum) throws IOException {
        MappedFiles.create(file);
        try (ChildMapping memory = ChildMapping.open(file, Job.Mapping.SHARED)) {
            memory.publishDone(high, low, 1);
            assertThat(memory.sum()).isEqualTo(sum);
        }
    }

    @Test
    void deletingLeavesTheMappingsOfOthersAsTheyAre() throws IOException {
        MappedFiles.create(file, 7);
        try (ChildMapping child = ChildMapping.open(file, Job.Mapping.SHARED);
                ParentMapping parent = ParentMapping.open(file)) {
            Files.delete(file);
            child.squares(0, 1).put(0, 49);
            assertThat(parent.square(0)).isEqualTo(49);
        }
    }

    @Test
    void accessAfterCloseIsAnErrorAndNotAFault() throws IOException {
        MappedFiles.create(file, 7);
        ChildMapping memory = ChildMapping.open(file, Job.Mapping.SHARED);
        memory.close();

        assertThatIllegalStateException().isThrownBy(() -> memory.input(0));
        assertThatIllegalStateException().isThrownBy(() -> memory.squares(0, 1).put(0, 1));
        assertThatIllegalStateException().isThrownBy(memory::sum);
        assertThat(file).exists();
    }

    @ParameterizedTest
    @EnumSource
    void accessBeyondTheEndIsAnErrorAndNotAFault(Job.Mapping mapping) throws IOException {
        MappedFiles.create(file, 7);
        try (ChildMapping memory = ChildMapping.open(file, mapping)) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> memory.squares(1, 1).put(0, 1));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> memory.input(-9));
        }
    }

    @Test
    void readerCannotWrite() throws IOException {
        MappedFiles.create(file, 7);
        try (ParentMapping memory = ParentMapping.open(file)) {
            assertThatThrownBy(() -> memory.squares(0, 1).put(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
            assertThat(memory.square(0)).isZero();
        }
    }

    @Test
    void belongsToTheThreadThatOpenedIt() throws IOException {
        MappedFiles.create(file, 7);
        try (ChildMapping memory = ChildMapping.open(file, Job.Mapping.SHARED)) {
            CompletableFuture<Long> elsewhere = Background.run(() -> memory.input(0));
            assertThatExceptionOfType(CompletionException.class).isThrownBy(elsewhere::join)
                    .withCauseInstanceOf(WrongThreadException.class);
        }
    }
}
