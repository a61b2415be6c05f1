package dev.squares.workerservice;

import dev.squares.worker.parent.Ending;
import dev.squares.worker.parent.Ending.Death;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a worker that has been taken, as clients are told.
 *
 * @param pid its process id, where it runs
 * @param ending how its job ended; null as long as it has not
 */
record HeldWorkerState(String id, long pid, @Nullable Ended ending) {
    /**
     * How a job ended without its report. What the child wrote stays in this service's log: it may quote what is nobody else's
     * business.
     *
     * @param word "crashed", "timed-out" or "garbled"
     * @param timeoutMillis the deadline that passed, if it did
     */
    record Ended(
        String word,
        int exitCode,
        boolean killed,
        boolean outOfMemory,
        long ranForMillis,
        @Nullable Long timeoutMillis
    ) {
        /** Null if the job did not end so, or its ending is not known. */
        static @Nullable Ended of(Ending ending) {
            return switch (ending) {
                case Ending.Crashed(var death) -> of(ending, death, null);
                case Ending.Garbled(var death, _) -> of(ending, death, null);
                case Ending.TimedOut(var death, var timeout) -> of(ending, death, timeout.toMillis());
                case Ending.Reported _,Ending.Lost _ -> null;
            };
        }

        private static Ended of(Ending ending, Death death, @Nullable Long timeoutMillis) {
            return new Ended(ending.word(), death.exitStatus().code(), death.killed(), death.outOfMemory(),
                    death.ranFor().toMillis(), timeoutMillis);
        }
    }
}
