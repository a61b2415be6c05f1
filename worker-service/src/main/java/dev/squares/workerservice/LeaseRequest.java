package dev.squares.workerservice;

import dev.squares.service.problem.OptionNames;
import dev.squares.worker.parent.ProcessKind;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Which worker a client wants.
 *
 * @param process "fresh" or "pooled"; "fresh" if it is left out
 */
record LeaseRequest(
    @Schema(allowableValues = {
            "fresh", "pooled"}, defaultValue = "fresh") @Nullable String process
){
    ProcessKind kind() {
        return process == null ? ProcessKind.FRESH : OptionNames.parse("process", process, ProcessKind.class);
    }
}
