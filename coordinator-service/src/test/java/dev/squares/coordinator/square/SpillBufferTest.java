package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.squares.worker.memory.Quota;
import dev.squares.worker.memory.SharedMemoryFullException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class SpillBufferTest {
    private static final int MAX_ON_HEAP = 16 * 1024;

    @TempDir
    private Path directory;
    private int opened;
    private long taken;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, MAX_ON_HEAP - 1, MAX_ON_HEAP, MAX_ON_HEAP + 1, 3 * 8192, 100_000, 1_000_001})
    void givesBackEveryByteHoweverItCame(int length) throws IOException {
        byte[] bytes = new byte[length];
        Random random = new Random(length);
        random.nextBytes(bytes);
        for (int most : new int[]{1000, 8192, 65_536, length + 1}) {
            try (SpillBuffer buffer = new SpillBuffer(this::open, new CountingQuota(Long.MAX_VALUE))) {
                for (int at = 0; at < length;) {
                    int some = Math.min(1 + random.nextInt(most), length - at);
                    buffer.write(bytes, at, some);
                    at += some;
                }
                // As often as one likes.
                for (int i = 0; i < 2; i++) {
                    ByteArrayOutputStream copy = new ByteArrayOutputStream();
                    buffer.copyTo(copy);
                    assertThat(copy.toByteArray()).isEqualTo(bytes);
                }
                try (InputStream in = buffer.toInputStream()) {
                    assertThat(in.readAllBytes()).isEqualTo(bytes);
                }
            }
        }
    }

    @Test
    void takesNoRoomForFewBytesAndRoomForAllOfMany() throws IOException {
        try (SpillBuffer buffer = new SpillBuffer(this::open, new CountingQuota(Long.MAX_VALUE))) {
            buffer.write(new byte[MAX_ON_HEAP]);
            assertThat(opened).isZero();
            assertThat(taken).isZero();
            buffer.write(1);
            assertThat(opened).isEqualTo(1);
            assertThat(taken).isEqualTo(MAX_ON_HEAP + 1);
            buffer.write(new byte[1000]);
            assertThat(opened).isEqualTo(1);
            assertThat(taken).isEqualTo(MAX_ON_HEAP + 1001);
        }
    }

    @Test
    void saysHowMuchWasNeededWhereThereIsNoRoom() throws IOException {
        try (SpillBuffer buffer = new SpillBuffer(this::open, new CountingQuota(20_000))) {
            buffer.write(new byte[19_000]);
            assertThatThrownBy(() -> buffer.write(new byte[2000]))
                    .isInstanceOfSatisfying(SharedMemoryFullException.class,
                            full -> assertThat(full.needed()).isEqualTo(21_000));
        }
    }

    private FileChannel open() throws IOException {
        opened++;
        return FileChannel.open(directory.resolve("file" + opened), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    private final class CountingQuota implements Quota {
        private final long limit;
        private long asked;

        CountingQuota(long limit) {
            this.limit = limit;
        }

        @Override
        public void take(long bytes) throws IOException {
            asked += bytes;
            if (taken + bytes > limit) {
                throw new IOException("full");
            }
            taken += bytes;
        }

        @Override
        public void setAside(long bytes) throws IOException {
            take(bytes);
        }

        @Override
        public void giveBack() {
            taken = 0;
        }

        @Override
        public long needed() {
            return asked;
        }

        @Override
        public long available() {
            return limit;
        }
    }
}
