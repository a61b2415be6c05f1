package dev.squares.service.problem;

import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import dev.squares.worker.parent.Outcome.Termination;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** A request that cannot be answered, and what its client is told. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ProblemType type;
    private final transient Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /** @param detail what happened, for a person to read */
    public ProblemException(ProblemType type, String detail) {
        this(type, detail, null);
    }

    /**
     * @param detail what happened, for a person to read
     * @param cause for the log; clients do not see it
     */
    public ProblemException(ProblemType type, String detail, @Nullable Throwable cause) {
        super(detail, cause, false, false);
        this.type = type;
    }

    /** The problem with how the child terminated; null if it reported. */
    public static @Nullable ProblemException of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Reported() -> null;
            case Outcome.Crashed(Termination termination) -> crashed(termination, "ended without its report");
            case Outcome.InvalidReport(Termination termination, String _) ->
                crashed(termination, "sent something that is not a report, and was killed");
            case Outcome.TimedOut(Termination termination, Duration timeout) -> terminated(ProblemType.WORKER_TIMED_OUT,
                    "The worker process " + termination.pid() + " did not report within " + timeout.toMillis()
                            + " ms and was killed.",
                    termination);
            case Outcome.Displaced(Outcome other) -> of(other);
            case Outcome.Lost(long pid, String problem) -> new ProblemException(ProblemType.WORKER_CRASHED,
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

    private static ProblemException crashed(Termination termination, String what) {
        return terminated(ProblemType.WORKER_CRASHED,
                "The worker process " + termination.pid() + " " + what + ": exit code "
                        + termination.exitStatus().code() + ".",
                termination);
    }

    private static ProblemException terminated(ProblemType type, String detail, Termination termination) {
        return new ProblemException(type, detail)
                .with("pid", termination.pid())
                .with("exitCode", termination.exitStatus().code())
                .with("signal", termination.signal())
                .with("killedByParent", termination.killed())
                .with("outOfMemory", termination.outOfMemory())
                .with("ranForMillis", termination.ranFor().toMillis());
    }

    /** Adds a member to the problem detail, for a program to read. */
    public ProblemException with(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    /** Which problem it is. */
    public ProblemType type() {
        return type;
    }

    /** What a client is answered with, as the text of a JSON object on one line. */
    public String json(String path) {
        return StatusProblem.json(body(), path);
    }

    /** As {@link #json}, for what should not happen. */
    public static String unexpectedJson(String path) {
        return StatusProblem.json(ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR), path);
    }

    ProblemDetail body() {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(type.status(), getMessage());
        body.setType(type.uri());
        body.setTitle(type.title());
        body.setProperty("action", type.action());
        members.forEach(body::setProperty);
        return body;
    }
}
