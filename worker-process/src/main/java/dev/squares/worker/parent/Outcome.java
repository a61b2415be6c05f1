package dev.squares.worker.parent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a job ended. */
public sealed interface Outcome {
    /** The value of a metric's tag for it. */
    default String tag() {
        return switch (this) {
            case Reported _ -> "reported";
            case Crashed _ -> "crashed";
            case TimedOut _ -> "timed-out";
            case InvalidReport _ -> "garbled";
            case Lost _ -> "lost";
            case Displaced _ -> "displaced";
        };
    }

    /** The child reported, and can take another job. */
    record Reported() implements Outcome {}

    /** The child ended without its report, whatever its exit code. */
    record Crashed(Termination termination) implements Outcome {}

    /** The deadline passed and the child was killed. */
    record TimedOut(Termination termination, Duration timeout) implements Outcome {}

    /** The child wrote something that is not a report, and was killed. */
    record InvalidReport(Termination termination, String problem) implements Outcome {}

    /** Whoever ran the child for this process cannot be asked any more, or does not know how the job ended. */
    record Lost(long pid, String problem) implements Outcome {}

    /** The worker has ended before it began this job, or with another job: this one is to be given to another worker. */
    record Displaced(Outcome other) implements Outcome {}

    /**
     * How a child process terminated.
     *
     * @param pid its process id
     * @param exitStatus what it left
     * @param killed whether this parent killed it
     * @param outOfMemory whether the kernel's OOM killer did
     * @param ranFor from the start of the job to the end of the process
     * @param stderr the last of what it wrote to its standard error, "(empty)" if nothing
     */
    record Termination(
        long pid,
        ExitStatus exitStatus,
        boolean killed,
        boolean outOfMemory,
        Duration ranFor,
        String stderr
    ) {
        /** The signal that ended it and where that came from, in words; null if none did. */
        public @Nullable String signal() {
            String usual = exitStatus.signal();
            if (usual == null || !killed && !outOfMemory) {
                return usual;
            }
            String name = usual.split(",", 2)[0];
            return name + (killed ? ", sent by the parent" : ", sent by the kernel's OOM killer");
        }

        @Override
        public String toString() {
            return "pid=" + pid + " exitCode=" + exitStatus.code() + " signal=" + signal() + " ranFor="
                    + ranFor.toMillis() + "ms stderr: " + stderr;
        }
    }
}
