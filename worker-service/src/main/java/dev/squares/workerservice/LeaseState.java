package dev.squares.workerservice;

import dev.squares.worker.parent.Outcome;
import dev.squares.worker.parent.Outcome.Termination;
import dev.squares.worker.parent.WorkerPool.Origin;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a worker that has been taken, as clients are told.
 *
 * @param pid its process id, where it runs
 * @param origin where it comes from; null when its job has ended
 * @param ending how its job ended; null as long as it has not
 */
record LeaseState(
    @Schema(format = "uuid") String id,
    @Schema(minimum = "1") long pid,
    @Nullable Origin origin,
    @Nullable Ended ending
) {
    /**
     * How a job ended without its report. What the child wrote stays in this service's log: it may quote what is nobody else's
     * business.
     *
     * @param word "crashed", "timed-out" or "garbled"
     * @param timeoutMillis the deadline that passed, if it did
     */
    record Ended(
        @Schema(allowableValues = {
                "crashed", "timed-out", "garbled"}) String word,
        int exitCode,
        boolean killed,
        boolean outOfMemory,
        @Schema(minimum = "0") long ranForMillis,
        @Schema(minimum = "0") @Nullable Long timeoutMillis
    ){
        /** Null if the job did not end so, or its ending is not known. */
        static @Nullable Ended of(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Crashed(var termination) -> of(outcome, termination, null);
                case Outcome.InvalidReport(var termination, _) -> of(outcome, termination, null);
                case Outcome.TimedOut(var termination, var timeout) -> of(outcome, termination, timeout.toMillis());
                case Outcome.Reported _,Outcome.Lost _,Outcome.Displaced _ -> null;
            };
        }

        private static Ended of(Outcome outcome, Termination termination, @Nullable Long timeoutMillis) {
            return new Ended(outcome.tag(), termination.exitStatus().code(), termination.killed(),
                    termination.outOfMemory(),
                    termination.ranFor().toMillis(), timeoutMillis);
        }
    }
}
