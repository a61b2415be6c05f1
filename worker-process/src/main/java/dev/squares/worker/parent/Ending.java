package dev.squares.worker.parent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a job ended. */
public sealed interface Ending {
    /** One word for it, as in a metric's tag. */
    default String word() {
        return switch (this) {
            case Reported _ -> "reported";
            case Crashed _ -> "crashed";
            case TimedOut _ -> "timed-out";
            case Garbled _ -> "garbled";
            case Lost _ -> "lost";
        };
    }

    /** The child reported, and can take another job. */
    record Reported() implements Ending {}

    /** The child ended without its report, whatever its exit code. */
    record Crashed(Death death) implements Ending {}

    /** The deadline passed and the child was killed. */
    record TimedOut(Death death, Duration timeout) implements Ending {}

    /** The child wrote something that is not a report, and was killed. */
    record Garbled(Death death, String problem) implements Ending {}

    /** Whoever ran the child for this process cannot be asked any more, or knows no ending: there is no certificate. */
    record Lost(long pid, String problem) implements Ending {}

    /**
     * A child's certificate of death.
     *
     * @param pid its process id
     * @param exitStatus what it left
     * @param killed whether this parent killed it
     * @param outOfMemory whether the kernel's OOM killer did
     * @param ranFor from the start of the job to the death
     * @param stderr the last of what it wrote to its standard error, "(empty)" if nothing
     */
    record Death(long pid, ExitStatus exitStatus, boolean killed, boolean outOfMemory, Duration ranFor, String stderr) {
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
