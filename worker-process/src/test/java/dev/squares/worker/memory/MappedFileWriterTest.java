package dev.squares.worker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.SharedMemoryDirectory;
import dev.squares.worker.testing.SmallTmpfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedFileWriterTest {
    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("file");
    }

    @Test
    void fileIsItsOwnersAlone() throws IOException {
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            assertThat(writer.count()).isZero();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        }
    }

    @Test
    void existingFileIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(file, "somebody else's");
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> new MappedFileWriter(file, Quota.of(directory)));
        assertThat(file).hasContent("somebody else's");
    }

    @Test
    void linkIsNotFollowed() throws IOException {
        Path target = directory.resolve("target");
        Files.createSymbolicLink(file, target);
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> new MappedFileWriter(file, Quota.of(directory)));
        assertThat(target).doesNotExist();
    }

    /** 1020 elements are what the buffer holds whole, 2040 the inputs that fill it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1019, 1020, 1021, 2039, 2040, 2041, 3064, 4087, 4088, 4089, 100_000})
    void fileHoldsHeaderInputsAndZeros(int count) throws IOException {
        ByteBuffer expected = ByteBuffer.allocate(Math.toIntExact(Layout.fileBytes(count)))
                .order(ByteOrder.LITTLE_ENDIAN);
        expected.put(Layout.header(count));
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            for (int i = 0; i < count; i++) {
                long input = -1L - 1_000_003L * i;
                expected.putLong(input);
                writer.add(input);
            }
            assertThat(writer.count()).isEqualTo(count);
            writer.complete();
        }
        assertThat(file).hasBinaryContent(expected.array());
    }

    @Test
    void whatWasNotCompletedIsGone() throws IOException {
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            LongStream.range(0, 10_000).forEach(writer::add);
            assertThat(file).exists();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void unfinishedFileIsNoMappedFile() throws IOException {
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            LongStream.range(0, 10_000).forEach(writer::add);
            assertThatExceptionOfType(BadMappedFileException.class).isThrownBy(() -> ParentMapping.open(file))
                    .withMessageStartingWith("magic mismatch");
        }
    }

    /** The first finds no room for the inputs, the second none for the squares. */
    @ParameterizedTest
    @ValueSource(ints = {200_000, 80_000})
    void fullFileSystemIsToldApartAndItsRoomGivenBackAtOnce(int count) throws IOException {
        try (SmallTmpfs _ = new SmallTmpfs(directory);
                MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            LongStream.range(0, count).forEach(writer::add);
            SharedMemoryFullException full = catchThrowableOfType(SharedMemoryFullException.class, writer::complete);

            assertThat(full.needed()).isEqualTo(64 + 16L * count);
            assertThat(full.available()).isEqualTo(SmallTmpfs.BYTES);
            assertThat(full).hasMessage("shared memory is full: needed=" + full.needed() + " available=1048576")
                    .hasCauseInstanceOf(IOException.class);
            assertThat(Files.getFileStore(directory).getUsableSpace()).isEqualTo(SmallTmpfs.BYTES);
        }
    }

    @Test
    void roomThatOthersTakeIsNotAvailable() throws IOException {
        try (SmallTmpfs _ = new SmallTmpfs(directory);
                MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            Files.write(directory.resolve("other"), new byte[256 * 1024]);
            LongStream.range(0, 60_000).forEach(writer::add);
            SharedMemoryFullException full = catchThrowableOfType(SharedMemoryFullException.class, writer::complete);
            assertThat(full.available()).isEqualTo(768 * 1024);
        }
    }

    @Test
    void fileThatFitsToTheLastByteIsReservedWhole() throws IOException {
        try (SmallTmpfs _ = new SmallTmpfs(directory)) {
            MappedFiles.create(file, LongStream.range(0, 65_532));
            assertThat(Files.size(file)).isEqualTo(SmallTmpfs.BYTES);
            assertThat(Files.getFileStore(directory).getUsableSpace()).isZero();
            // Every page is there: no store can fail now.
            try (ChildMapping memory = ChildMapping.open(file, Job.Mapping.SHARED)) {
                LongStream.range(0, 65_532).forEach(i -> memory.squares(i, 1).put(0, i * i));
                assertThat(memory.square(65_531)).isEqualTo(65_531L * 65_531);
            }
        }
    }

    @Test
    void roomIsTakenBeforeItIsWrittenAndNoMoreThanIsNeeded() throws IOException {
        CountedQuota quota = new CountedQuota(Long.MAX_VALUE);
        try (MappedFileWriter writer = new MappedFileWriter(file, quota)) {
            for (int i = 0; i < 10_000; i++) {
                writer.add(i);
                assertThat(quota.taken).isGreaterThanOrEqualTo(Files.size(file));
            }
            writer.complete();
        }
        assertThat(quota.taken).isEqualTo(64 + 16 * 10_000).isEqualTo(Files.size(file));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20_000, 100_000})
    void roomThatIsRefusedIsToldAsFullAndNothingStays(int allowed) throws IOException {
        CountedQuota quota = new CountedQuota(allowed);
        try (MappedFileWriter writer = new MappedFileWriter(file, quota)) {
            LongStream.range(0, 10_000).forEach(writer::add);
            SharedMemoryFullException full = catchThrowableOfType(SharedMemoryFullException.class, writer::complete);
            assertThat(full.needed()).isEqualTo(64 + 16 * 10_000);
            assertThat(full.available()).isEqualTo(allowed);
            assertThat(full).hasRootCauseMessage("no more than " + allowed);
            assertThat(file).isEmptyFile();
        }
        assertThat(directory).isEmptyDirectory();
    }

    /** Before its list has ended: nobody knows when it will. */
    @Test
    void roomIsGivenBackAsSoonAsItIsRefused() throws IOException {
        CountedQuota quota = new CountedQuota(20_000);
        try (MappedFileWriter writer = new MappedFileWriter(file, quota)) {
            LongStream.range(0, 5_000).forEach(writer::add);
            assertThat(quota.taken).isZero();
            assertThat(file).isEmptyFile();
            assertThat(writer.count()).isEqualTo(5_000);
        }
    }

    @Test
    void abandonedFileTakesNoRoomAndGrowsNoMore() throws IOException {
        CountedQuota quota = new CountedQuota(Long.MAX_VALUE);
        try (MappedFileWriter writer = new MappedFileWriter(file, quota)) {
            LongStream.range(0, 10_000).forEach(writer::add);
            assertThat(quota.taken).isPositive();
            writer.abandon();
            assertThat(quota.taken).isZero();
            LongStream.range(0, 10_000).forEach(writer::add);
            assertThat(quota.taken).isZero();
            assertThat(file).isEmptyFile();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void roomForSquaresAndWhatIsBesideThemIsSetAsideInOneStep() throws IOException {
        CountedQuota quota = new CountedQuota(Long.MAX_VALUE);
        try (MappedFileWriter writer = new MappedFileWriter(file, quota)) {
            LongStream.range(-10_000, 0).forEach(writer::add);
            assertThat(writer.largest()).isEqualTo(10_000);
            writer.complete(1_000_000);
        }
        assertThat(quota.steps).isEqualTo(1);
        assertThat(quota.taken).isEqualTo(64 + 16 * 10_000 + 1_000_000);
        assertThat(quota.aside).isEqualTo(1_000_000);
    }

    @Test
    void whatIsBesideTheFileIsNeededAsWell() throws IOException {
        CountedQuota quota = new CountedQuota(100_000);
        try (MappedFileWriter writer = new MappedFileWriter(file, quota)) {
            LongStream.range(0, 1_000).forEach(writer::add);
            SharedMemoryFullException full = catchThrowableOfType(
                    SharedMemoryFullException.class, () -> writer.complete(100_000));
            assertThat(full.needed()).isEqualTo(64 + 16 * 1_000 + 100_000);
            assertThat(full.available()).isEqualTo(100_000);
        }
    }

    @Test
    void moreThanWasNeededIsNeverSaidToHaveBeenAvailable() {
        SharedMemoryFullException full = new SharedMemoryFullException(10, 1_000, new IOException());
        assertThat(full.available()).isEqualTo(9);
        assertThat(full).hasMessage("shared memory is full: needed=10 available=9");
    }

    private static final class CountedQuota implements Quota {
        private final long allowed;
        private long taken;
        private long aside;
        private int steps;

        private CountedQuota(long allowed) {
            this.allowed = allowed;
        }

        @Override
        public void take(long bytes) throws IOException {
            long more = Math.max(0, bytes - aside);
            if (taken + more > allowed) {
                throw new IOException("no more than " + allowed);
            }
            aside = Math.max(0, aside - bytes);
            taken += more;
        }

        @Override
        public void setAside(long bytes) throws IOException {
            take(bytes);
            aside += bytes;
            steps++;
        }

        @Override
        public void giveBack() {
            taken = 0;
            aside = 0;
        }

        @Override
        public long needed() {
            return taken;
        }

        @Override
        public long available() {
            return allowed;
        }
    }

    @Test
    void fullFileSystemIsNotBlamedForAnInterrupt() throws IOException {
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory))) {
            LongStream.range(0, 10).forEach(writer::add);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(IOException.class).isThrownBy(writer::complete)
                    .isNotInstanceOf(SharedMemoryFullException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(directory).isEmptyDirectory();
    }
}
