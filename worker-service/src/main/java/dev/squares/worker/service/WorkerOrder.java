package dev.squares.worker.service;

import dev.squares.worker.fork.ProcessKind;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Which worker a client wants.
 *
 * @param process "fresh" or "pooled"; "fresh" if it is left out
 */
record WorkerOrder(
    @Schema(allowableValues = {
            "fresh", "pooled"}, defaultValue = "fresh") @Nullable String process
){
    ProcessKind kind() {
        return process == null ? ProcessKind.FRESH : Words.parse("process", process, ProcessKind.class);
    }
}
