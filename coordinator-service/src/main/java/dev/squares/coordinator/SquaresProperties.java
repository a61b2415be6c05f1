package dev.squares.coordinator;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What can be set.
 *
 * @param maxLength The most integers that a list may have.
 * @param sharedDirectory Where the mapped files are: a directory in memory, where the coordinator makes one of its own.
 * @param sharedMemoryLimit The most that the files of all requests in flight may take together; half of the shared directory's
 *        file system unless set.
 * @param receiveTimeout How long a client may take to send its list.
 * @param worker The worker processes.
 */
@ConfigurationProperties("squares")
@Validated
public record SquaresProperties(
    @DefaultValue("10000000") @Min(1) @Max(1L << 32) long maxLength,
    @DefaultValue("/dev/shm") Path sharedDirectory,
    @Nullable DataSize sharedMemoryLimit,
    @DefaultValue("2m") @DurationMin(millis = 1) Duration receiveTimeout,
    @DefaultValue @Valid Worker worker
) {
    public SquaresProperties {
        if (sharedMemoryLimit != null) {
            requireAtLeast(DataSize.ofBytes(1), sharedMemoryLimit, "squares.shared-memory-limit");
        }
    }

    private static void requireAtLeast(DataSize least, DataSize size, String property) {
        if (size.compareTo(least) < 0) {
            throw new InvalidConfigurationPropertyValueException(property, size, "It must be " + least + " or more.");
        }
    }

    /** An integer, a comma, a line end and an indentation; or an integer with a fraction of zeros. */
    private static final int MAX_BYTES_PER_ELEMENT = 32;

    private static final int SPARE_BYTES = 64 * 1024;

    /** The most bytes that a list of the longest allowed length can reasonably take. */
    public long maxBodyBytes() {
        return SPARE_BYTES + maxLength * MAX_BYTES_PER_ELEMENT;
    }

    /**
     * The worker processes.
     *
     * @param standby Idle workers that stand ready.
     * @param maxProcesses Workers that may be busy at once.
     * @param maxJobs Jobs after which a pooled worker ends and another takes its place.
     * @param heap The most that the heap of a worker may take.
     * @param timeout How long a job may take before its worker is killed.
     * @param queueTimeout How long a request waits for a worker.
     * @param startTimeout How long a worker may take to start.
     * @param killGrace How long a worker may take to end when it is asked to, before it is killed.
     * @param cacheDirectory Where the worker's jar is kept when the coordinator runs from an executable jar.
     */
    public record Worker(
        @DefaultValue("2") @Min(0) int standby,
        @DefaultValue("4") @Min(1) int maxProcesses,
        @DefaultValue("10000") @Min(1) int maxJobs,
        @DefaultValue("32MB") DataSize heap,
        @DefaultValue("30s") @DurationMin(millis = 1) Duration timeout,
        @DefaultValue("5s") @DurationMin(millis = 0) Duration queueTimeout,
        @DefaultValue("30s") @DurationMin(millis = 1) Duration startTimeout,
        @DefaultValue("500ms") @DurationMin(millis = 1) Duration killGrace,
        @NotNull Path cacheDirectory
    ) {
        public Worker {
            // There is no annotation for this. A JVM takes no less.
            requireAtLeast(DataSize.ofMegabytes(2), heap, "squares.worker.heap");
        }
    }
}
