package dev.squares.worker.service;

import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * The worker processes: {@code squares.worker} of both services.
 *
 * @param url Where a coordinator finds worker-service; unless set, it forks worker processes itself. In this mode how many there
 *        are, and of what kind, is worker-service's to say, and the coordinator waits a little longer than the timeouts here.
 * @param secret What a coordinator shows worker-service, if it is set: the same for both, of the characters that a bearer token
 *        may have. An empty one is none.
 * @param standby Idle workers that stand ready.
 * @param maxProcesses Workers that may be busy at once.
 * @param maxJobs Jobs after which a pooled worker ends and another takes its place.
 * @param heap The most that the heap of a worker may take.
 * @param timeout How long a job may take before its worker is killed.
 * @param queueTimeout How long a request waits for a worker.
 * @param startTimeout How long a worker may take to start.
 * @param killGrace How long a worker may take to end when it is asked to, before it is killed.
 * @param cacheDirectory Where the worker's jar and AOT cache are kept, in a directory of mode 0700 that this user owns;
 *        {@code $XDG_CACHE_HOME/squares} or {@code ~/.cache/squares} unless set, and a private one for this run where there is
 *        no home.
 */
public record WorkerProperties(
    @Nullable URI url,
    @Nullable String secret,
    @DefaultValue("2") @Min(0) int standby,
    @DefaultValue("4") @Min(1) int maxProcesses,
    @DefaultValue("10000") @Min(1) int maxJobs,
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
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    public WorkerProperties {
        if (secret != null && secret.isEmpty()) {
            secret = null;
        }
        if (secret != null && !SECRET.matcher(secret).matches()) {
            throw new InvalidConfigurationPropertyValueException("squares.worker.secret", "(not shown)",
                    "It must consist of letters, digits and any of -._~+/ alone, and may end with =.");
        }
        // There are no annotations for these.
        if (heap.compareTo(LEAST_HEAP) < 0) {
            throw new InvalidConfigurationPropertyValueException(
                    "squares.worker.heap", heap, "It must be " + LEAST_HEAP + " or more.");
        }
        if (url != null && url.getHost() == null) {
            throw new InvalidConfigurationPropertyValueException(
                    "squares.worker.url", url, "It must be the URL of a server, such as http://worker:8081.");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "WorkerProperties[url=" + url + ", secret=" + (secret == null ? "none" : "(not shown)") + "]";
    }
}
