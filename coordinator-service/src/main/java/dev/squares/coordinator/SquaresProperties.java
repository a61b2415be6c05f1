package dev.squares.coordinator;

import dev.squares.service.pool.WorkerProperties;
import dev.squares.service.settings.DefaultSharedDirectory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What can be set.
 *
 * @param maxLength The most integers that a list may have.
 * @param sharedDirectory Where the mapped files are: a directory in memory, where the coordinator makes one of its own.
 *        Unless set, {@code /dev/shm}, or the system's temporary directory where there is none.
 * @param sharedMemoryLimit The most that the files of all requests in flight may take together. Unless set, half of the shared
 *        directory's file system; on a disk no more than half of what is free and a quarter of the memory.
 * @param receiveTimeout How long a client may take to send its list.
 * @param minSendRate How much of its answer a client must take a second, on average; it may take the connection timeout besides.
 * @param sendBuffer What the kernel takes of an answer before its client has read any, for each connection; what it chooses
 *        itself, up to some megabytes, unless set.
 * @param lab Whether clients may ask for what shows addresses in memory, or strains the workers: `auto` is `on` only where the service is bound to the loopback address.
 * @param hostNames Host names that requests may be for beside `localhost` and IP addresses, where the service is bound to the loopback
 *        address or its lab is on: those under which a proxy or a forwarded port makes it reachable. Separated by commas.
 * @param worker The worker processes.
 */
@ConfigurationProperties("squares")
@Validated
public record SquaresProperties(
    @DefaultValue("10000000") @Min(1) @Max(1L << 32) long maxLength,
    @Nullable Path sharedDirectory,
    @Nullable DataSize sharedMemoryLimit,
    @DefaultValue("2m") @DurationMin(millis = 1) Duration receiveTimeout,
    @DefaultValue("16KB") DataSize minSendRate,
    @Nullable DataSize sendBuffer,
    @DefaultValue("auto") Lab lab,
    @DefaultValue Set<@Pattern(regexp = "[\\w.-]+",
            message = "It must be a host name, without scheme and port.") String> hostNames,
    @DefaultValue @Valid @NestedConfigurationProperty WorkerProperties worker
) {
    /** Whether the lab is on. */
    public enum Lab {
        AUTO,
        ON,
        OFF;

        /** @param bound what the service is bound to; null is every address */
        public boolean isOn(@Nullable InetAddress bound) {
            return this == ON || this == AUTO && bound != null && bound.isLoopbackAddress();
        }
    }

    public SquaresProperties {
        if (minSendRate.toBytes() < 1) {
            throw new InvalidConfigurationPropertyValueException(
                    "squares.min-send-rate", minSendRate, "It must be 1B or more.");
        }
        if (sharedMemoryLimit != null && sharedMemoryLimit.toBytes() < 1) {
            throw new InvalidConfigurationPropertyValueException(
                    "squares.shared-memory-limit", sharedMemoryLimit, "It must be 1B or more.");
        }
        if (sendBuffer != null && (sendBuffer.toBytes() < 1 || sendBuffer.toBytes() > Integer.MAX_VALUE)) {
            throw new InvalidConfigurationPropertyValueException(
                    "squares.send-buffer", sendBuffer, "It must be 1B or more, and less than 2GB.");
        }
    }

    /** Where that is. */
    @Override
    public Path sharedDirectory() {
        return DefaultSharedDirectory.unless(sharedDirectory);
    }

    /** An integer, a comma, a line end and an indentation; or an integer with a fraction of zeros. */
    private static final int MAX_BYTES_PER_ELEMENT = 32;

    private static final int SPARE_BYTES = 64 * 1024;

    /** The most bytes that a list of the longest allowed length can reasonably take. */
    public long maxBodyBytes() {
        return SPARE_BYTES + maxLength * MAX_BYTES_PER_ELEMENT;
    }
}
