package dev.squares.workerservice;

import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import dev.squares.worker.memory.Job.Slice;
import dev.squares.worker.parent.ProcessKind;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which worker a client wants, or which ones.
 *
 * @param process "fresh" or "pooled"; "fresh" if it is left out
 * @param workers how many, all at once or none; 1 if it is left out
 */
record LeaseRequest(
    @Schema(allowableValues = {
            "fresh", "pooled"}, defaultValue = "fresh") @Nullable String process,
    @Schema(minimum = "1", maximum = "" + (Slice.MAX_NUMBER + 1), defaultValue = "1") @Nullable Integer workers
){
    /** @throws ProblemException if there are never so many */
    int count(int most) {
        int count = workers == null ? 1 : workers;
        if (count < 1 || count > most) {
            throw OptionNames.invalid("workers", "So many workers cannot be had at once: " + count + ".",
                    List.of("1 to " + most));
        }
        return count;
    }

    ProcessKind kind() {
        return process == null ? ProcessKind.FRESH : OptionNames.parse("process", process, ProcessKind.class);
    }
}
