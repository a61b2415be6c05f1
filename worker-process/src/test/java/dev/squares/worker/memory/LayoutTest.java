package dev.squares.worker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.testing.MappedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes are a contract between processes, and between versions: what fails here needs a new version. */
class LayoutTest {
    @Test
    void headerFieldsStandWhereTheyAlwaysStood() {
        assertThat(Layout.MAGIC_OFFSET).isEqualTo(0);
        assertThat(Layout.VERSION_OFFSET).isEqualTo(8);
        assertThat(Layout.STATE_OFFSET).isEqualTo(12);
        assertThat(Layout.COUNT_OFFSET).isEqualTo(16);
        assertThat(Layout.WRITTEN_OFFSET).isEqualTo(24);
        assertThat(Layout.SUM_LOW_OFFSET).isEqualTo(32);
        assertThat(Layout.SUM_HIGH_OFFSET).isEqualTo(40);
        assertThat(Layout.CHILD_PID_OFFSET).isEqualTo(48);
        assertThat(Layout.SLICES_OFFSET).isEqualTo(56);
        assertThat(Layout.HEADER_BYTES).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({"0, 64, 64, 64", "1, 64, 72, 80", "4, 64, 96, 128", "100000000, 64, 800000064, 1600000064"})
    void inputsFollowTheHeaderAndSquaresFollowTheInputs(long count, long inputs, long squares, long fileBytes) {
        assertThat(Layout.inputOffset(0, 0)).isEqualTo(inputs);
        assertThat(Layout.squareOffset(0, count, 0)).isEqualTo(squares);
        assertThat(Layout.fileBytes(count)).isEqualTo(fileBytes);
    }

    @Test
    void largestCountIsTheLastWhoseFileLengthFits64Bits() {
        assertThat(Layout.fileBytes(Layout.maxCount(0))).isPositive();
        assertThat(Layout.fileBytes(Layout.maxCount(0) + 1)).isNegative();
    }

    @Test
    void fileBeforeAndAfterTheWorkIsTheseBytes(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("file");
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            writer.add(2);
            writer.add(-3);
            writer.complete();
        }
        assertThat(hexDump(file)).isEqualTo(
                """
                        53515541 52455331 01000000 01000000
                        02000000 00000000 00000000 00000000
                        00000000 00000000 00000000 00000000
                        00000000 00000000 00000000 00000000
                        02000000 00000000 fdffffff ffffffff
                        00000000 00000000 00000000 00000000
                        """);

        try (ChildMapping memory = ChildMapping.open(file, Job.Mapping.SHARED)) {
            memory.squares(0, 1).put(0, 4);
            memory.squares(1, 1).put(0, 9);
            memory.publishProgress(2);
            memory.publishDone(0x0102_0304_0506_0708L, 0x1112_1314_1516_1718L, 4242);
        }
        assertThat(hexDump(file)).isEqualTo(
                """
                        53515541 52455331 01000000 02000000
                        02000000 00000000 02000000 00000000
                        18171615 14131211 08070605 04030201
                        92100000 00000000 00000000 00000000
                        02000000 00000000 fdffffff ffffffff
                        04000000 00000000 09000000 00000000
                        """);
    }

    @Test
    void listInSlicesHasTheirHeadersInFrontOfIt(@TempDir Path directory) throws IOException {
        Path file = MappedFiles.createSliced(directory.resolve("file"), 2, LongStream.of(1, 2, 3));
        String free = "00000000 00000000 00000000 00000000\n";
        assertThat(hexDump(file)).isEqualTo(
                """
                        53515541 52455331 01000000 01000000
                        03000000 00000000 00000000 00000000
                        00000000 00000000 00000000 00000000
                        00000000 00000000 02000000 00000000
                        """ + free.repeat(3 * 4) + """
                        00000000 00000000 00000000 01000000
                        01000000 00000000 00000000 00000000
                        00000000 00000000 00000000 00000000
                        00000000 00000000 00000000 00000000
                        01000000 00000000 00000000 01000000
                        02000000 00000000 00000000 00000000
                        00000000 00000000 00000000 00000000
                        00000000 00000000 00000000 00000000
                        01000000 00000000 02000000 00000000
                        03000000 00000000 00000000 00000000
                        00000000 00000000 00000000 00000000
                        """);
        assertThat(new int[]{Layout.ARRIVED_OFFSET, Layout.LOCK_OFFSET, Layout.SHARED_SUM_OFFSET, Layout.sliceOffset(0),
                Layout.sliceOffset(1), Layout.headerBytes(2)}).containsExactly(64, 128, 192, 256, 320, 384);
    }

    /** All of the list, in order, none twice; and long slices of squares do not share a cache line. */
    @ParameterizedTest
    @CsvSource({"1, 4", "2, 4", "2, 5", "3, 2", "4, 0", "2, 2047", "2, 2048", "2, 1000001", "3, 1000000", "7, 99999",
            "1024, 10", "1024, 10000000"})
    void slicesAreAllOfTheListInOrder(int slices, long count) {
        long end = 0;
        for (int i = 0; i < slices; i++) {
            long from = Layout.sliceFrom(slices, count, i);
            assertThat(from).isEqualTo(i == 0 ? 0 : end).isBetween(i * count / slices - 7, i * count / slices);
            end = Layout.sliceFrom(slices, count, i + 1);
            assertThat(end).isBetween(from, count);
            if (i > 0 && count / slices >= 1024) {
                assertThat(Layout.squareOffset(slices, count, from) % 64).isZero();
            }
        }
        assertThat(end).isEqualTo(count);
    }

    private static String hexDump(Path file) throws IOException {
        String hex = HexFormat.of().formatHex(Files.readAllBytes(file));
        return hex.replaceAll("(.{8})(.{8})(.{8})(.{8})", "$1 $2 $3 $4\n");
    }
}
