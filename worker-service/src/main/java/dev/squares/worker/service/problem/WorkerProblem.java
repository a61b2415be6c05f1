package dev.squares.worker.service.problem;

import dev.squares.worker.fork.Ending;
import dev.squares.worker.fork.Ending.Death;
import dev.squares.worker.fork.NoWorkerAvailableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a client is told of a worker process that did not do its job. What the child said on its standard error is not. */
public final class WorkerProblem {
    private WorkerProblem() {}

    /** The problem with the child's certificate of death; null if it reported. */
    public static @Nullable ProblemException of(Ending ending) {
        return switch (ending) {
            case Ending.Reported() -> null;
            case Ending.Crashed(Death death) -> crashed(death, "ended without its report");
            case Ending.Garbled(Death death, String _) ->
                crashed(death, "sent something that is not a report, and was killed");
            case Ending.TimedOut(Death death, Duration timeout) -> certified(ProblemType.WORKER_TIMED_OUT,
                    "The worker process " + death.pid() + " did not report within " + timeout.toMillis()
                            + " ms and was killed.",
                    death);
            case Ending.Lost(long pid, String problem) -> new ProblemException(ProblemType.WORKER_CRASHED,
                    "The worker process " + pid + " was lost: " + problem + ".")
                    .with("pid", pid);
        };
    }

    /** The problem of a request for which there was no worker. */
    public static ProblemException of(NoWorkerAvailableException e) {
        return new ProblemException(ProblemType.NO_WORKER_AVAILABLE,
                "No worker could be had: " + e.getMessage() + ".", e);
    }

    /** The problem of a request that was interrupted, for that is how a service that stops ends what has not ended by itself. */
    public static ProblemException of(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ProblemException(ProblemType.NO_WORKER_AVAILABLE, "The service is stopping.", e);
    }

    private static ProblemException crashed(Death death, String what) {
        return certified(ProblemType.WORKER_CRASHED,
                "The worker process " + death.pid() + " " + what + ": exit code " + death.exitStatus().code() + ".",
                death);
    }

    private static ProblemException certified(ProblemType type, String detail, Death death) {
        return new ProblemException(type, detail)
                .with("pid", death.pid())
                .with("exitCode", death.exitStatus().code())
                .with("signal", death.signal())
                .with("killedByCoordinator", death.killed())
                .with("outOfMemory", death.outOfMemory())
                .with("ranForMillis", death.ranFor().toMillis());
    }
}
