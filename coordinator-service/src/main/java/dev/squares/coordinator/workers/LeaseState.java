package dev.squares.coordinator.workers;

import dev.squares.worker.parent.ExitStatus;
import dev.squares.worker.parent.Outcome;
import dev.squares.worker.parent.Outcome.Termination;
import dev.squares.worker.parent.WorkerPool.Origin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a worker, as worker-service tells over HTTP.
 *
 * @param pid its process id, where it runs
 * @param origin where it comes from; null if its job has ended, or it is not known
 * @param ending how its job ended without a report; null if it did not
 */
record LeaseState(long pid, @Nullable Origin origin, @Nullable Ended ending) {
    /** What a child wrote stays where it ran. */
    private static final String LOGGED_THERE = "(see the log of worker-service)";

    record Ended(
        String word,
        int exitCode,
        boolean killed,
        boolean outOfMemory,
        long ranForMillis,
        @Nullable Long timeoutMillis
    ) {}

    /** How the job ended; null if it did not, or in a way that this version does not know. */
    @Nullable
    Outcome outcome() {
        if (ending == null) {
            return null;
        }
        Termination termination = new Termination(pid, new ExitStatus(ending.exitCode), ending.killed,
                ending.outOfMemory,
                Duration.ofMillis(ending.ranForMillis), LOGGED_THERE);
        return switch (ending.word) {
            case "crashed" -> new Outcome.Crashed(termination);
            case "garbled" -> new Outcome.InvalidReport(termination, LOGGED_THERE);
            case "timed-out" ->
                new Outcome.TimedOut(termination,
                        Duration.ofMillis(ending.timeoutMillis == null ? 0 : ending.timeoutMillis));
            default -> null;
        };
    }
}
