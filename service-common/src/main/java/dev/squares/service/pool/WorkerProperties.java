package dev.squares.service.pool;

import dev.squares.worker.memory.ParentMailbox;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * The worker processes: {@code squares.worker} of both services.
 *
 * @param standby Idle workers that stand ready.
 * @param maxProcesses Workers that may be busy at once.
 * @param maxJobs Jobs after which a pooled worker ends and another takes its place.
 * @param jobsAtOnce How many short lists a pooled worker may have in its mailbox at once; 1 if no two clients' lists are to be in one
 *        worker's memory, 0 if each is to have a file of its own, as a long one has.
 * @param warmUps How often a worker that has nothing to do runs a job of its own, of as many numbers as a short list may have, until its
 *        code is compiled: a fifth of a second of one core for each worker with 80. At least once, to see that it works.
 * @param heap The most that the heap of a worker may take.
 * @param timeout How long a job may take before its worker is killed.
 * @param queueTimeout How long a request waits for a worker.
 * @param startTimeout How long a worker may take to start.
 * @param killGrace How long a worker may take to end when it is asked to, before it is killed.
 * @param cacheDirectory Where the worker's jar and AOT cache are kept, in a directory of mode 0700 that this user owns;
 *        {@code $XDG_CACHE_HOME/squares} or {@code ~/.cache/squares} unless set, and a private one for this run where there is
 *        no home.
 */
@ConfigurationPropertiesSource
public record WorkerProperties(
    @DefaultValue("2") @Min(0) int standby,
    @DefaultValue("4") @Min(1) int maxProcesses,
    @DefaultValue("1000000") @Min(1) int maxJobs,
    @DefaultValue("16") @Min(0) @Max(ParentMailbox.SLOTS) int jobsAtOnce,
    @DefaultValue("80") @Min(1) int warmUps,
    @DefaultValue("32MB") DataSize heap,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration timeout,
    @DefaultValue("5s") @DurationMin(millis = 0) Duration queueTimeout,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration startTimeout,
    @DefaultValue("500ms") @DurationMin(millis = 1) Duration killGrace,
    @Nullable Path cacheDirectory
) {
    /** A JVM takes 2 MB, and 3 with an AOT cache. */
    private static final DataSize LEAST_HEAP = DataSize.ofMegabytes(4);

    /** RFC 6750, section 2.1. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    public WorkerProperties {
        // There is no annotation for this.
        if (heap.compareTo(LEAST_HEAP) < 0) {
            throw new InvalidConfigurationPropertyValueException(
                    "squares.worker.heap", heap, "It must be " + LEAST_HEAP + " or more.");
        }
    }

    /**
     * {@code squares.worker.secret}, as far as both services do the same with it: a bearer token; null if there is none. A compose
     * file passes on what is not set as an empty one.
     *
     * @throws InvalidConfigurationPropertyValueException without the secret in it, if it has other characters than a token may have
     */
    public static @Nullable String secret(@Nullable String property) {
        if (property == null || property.isEmpty()) {
            return null;
        }
        if (!TOKEN.matcher(property).matches()) {
            throw new InvalidConfigurationPropertyValueException("squares.worker.secret", "(not shown)",
                    "It must consist of letters, digits and any of -._~+/ alone, and may end with =.");
        }
        return property;
    }
}
