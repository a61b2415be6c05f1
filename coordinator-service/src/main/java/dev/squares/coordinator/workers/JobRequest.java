package dev.squares.coordinator.workers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.squares.worker.memory.Job;
import java.nio.file.Path;
import java.util.Objects;

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
    @JsonInclude(Include.NON_DEFAULT) boolean stopsHalfway
) {
    static JobRequest of(Job job, long maxReportBytes) {
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
                job.stopsHalfway());
    }
}
