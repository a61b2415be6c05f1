package dev.squares.coordinator.workers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.squares.worker.memory.Job;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job, as worker-service is told over HTTP: with the names of the mapped file and its directory, for the shared directory may
 * have another path there.
 */
record JobRequest(
    String directory,
    String file,
    String mapping,
    String view,
    long maxReportBytes,
    @JsonInclude(Include.NON_DEFAULT) boolean explained,
    @JsonInclude(Include.NON_DEFAULT) int paceMillis,
    @JsonInclude(Include.NON_DEFAULT) boolean stopsHalfway,
    @JsonInclude(Include.NON_NULL) @Nullable Integer slice,
    @JsonInclude(Include.NON_NULL) @Nullable String sum
) {
    static JobRequest of(Job job, long maxReportBytes) {
        Job.Slice slice = job.slice();
        Path file = job.file();
        Path directory = Objects.requireNonNull(file.getParent(),
                "a mapped file is in its coordinator's own directory");
        return new JobRequest(
                directory.getFileName().toString(),
                file.getFileName().toString(),
                switch (job.mapping()) {
                    case SHARED -> "shared";
                    case PRIVATE -> "private";
                },
                switch (job.view()) {
                    case FULL -> "full";
                    case SUMMARY -> "summary";
                },
                maxReportBytes,
                job.explained(),
                job.paceMillis(),
                job.stopsHalfway(),
                slice == null ? null : slice.number(),
                slice == null ? null : switch (slice.sum()) {
                    case OWN -> "own";
                    case UNSYNCHRONIZED -> "unsynchronized";
                    case ATOMIC -> "atomic";
                    case LOCKED -> "locked";
                });
    }
}
