package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.OperatingSystemMXBean;
import dev.squares.coordinator.SquaresProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class DefaultMemoryLimitTest {
    @TempDir
    private Path disk;

    @Test
    void leavesHalfOfADiskThatIsNotInMemory() throws IOException {
        FileStore store = Files.getFileStore(disk);
        assumeFalse(store.type().equals("tmpfs"), "the temporary directory is in memory");
        SquaresProperties properties = SquaresSettings.with("shared-directory=" + disk);
        SharedDirectory directory = new SharedDirectory(properties);
        try {
            SharedMemoryLimit limit = new SharedMemoryLimit(properties, directory, new SimpleMeterRegistry());

            long bytes = (long) limit.health().getDetails().get("limitBytes");
            assertThat(bytes)
                    .isPositive()
                    .isLessThanOrEqualTo(store.getTotalSpace() / 2)
                    // Others write to it in the meantime.
                    .isLessThan(store.getUsableSpace())
                    .isLessThan(
                            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 2);
        } finally {
            directory.delete();
        }
    }

    @ParameterizedTest
    @CsvSource({
            // type, total, usable, memory, limit
            "tmpfs,   1000,  10,  100,  500",
            "ramfs,   0,     0,   100,  25",
            "ext4,    1000,  900, 4000, 450",
            "ext4,    1000,  10,  4000, 5",
            "overlay, 1000,  900, 100,  25",
            "ext4,    1000,  0,   100,  1"
    })
    void isHalfOfAFileSystemInMemoryAndOfADiskNoMoreThanIsFreeAndMemoryCanHold(
            String type, long total, long usable, long memory, long limit) {
        assertThat(DefaultMemoryLimit.of(type, total, usable, memory)).isEqualTo(limit);
    }
}
