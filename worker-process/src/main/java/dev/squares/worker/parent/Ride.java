package dev.squares.worker.parent;

import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A job of one thread among those of others, see {@link LeaderFollowers}. Made by the thread that waits for it. */
final class Ride {
    private final Thread owner = Thread.currentThread();
    private final long since = System.nanoTime();
    private final String line;
    private final long maxReportBytes;
    private final Duration timeout;
    private long number;
    private @Nullable InputStream report;
    private @Nullable Outcome outcome;
    /** What stands above is seen by whoever has seen this. */
    private volatile Turn turn = Turn.WAITS;

    private enum Turn {
        WAITS,
        LEADS,
        DECIDED
    }

    /** @param timeout how long it may take when its turn has come */
    Ride(String line, long maxReportBytes, Duration timeout) {
        this.line = line;
        this.maxReportBytes = maxReportBytes;
        this.timeout = timeout;
    }

    String line() {
        return line;
    }

    long maxReportBytes() {
        return maxReportBytes;
    }

    Duration timeout() {
        return timeout;
    }

    long since() {
        return since;
    }

    /** @param number how many jobs the worker has been sent with this one */
    void sentAs(long number) {
        this.number = number;
    }

    long number() {
        return number;
    }

    void decide(InputStream report) {
        this.report = report;
        become(Turn.DECIDED);
    }

    void decide(Outcome outcome) {
        this.outcome = outcome;
        become(Turn.DECIDED);
    }

    void lead() {
        become(Turn.LEADS);
    }

    private void become(Turn next) {
        turn = next;
        if (owner != Thread.currentThread()) {
            LockSupport.unpark(owner);
        }
    }

    boolean isDecided() {
        return turn == Turn.DECIDED;
    }

    /**
     * Waits, however often the thread is interrupted: a job ends within its deadline, and its slot is not free before. Returns whether
     * the thread has to lead now.
     */
    boolean awaitTurn() {
        boolean interrupted = false;
        while (turn == Turn.WAITS) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return turn == Turn.LEADS;
    }

    /** How it ended; null if with a report. */
    @Nullable
    Outcome outcome() {
        return outcome;
    }

    /** What it ended with, if there is no {@link #outcome}. */
    InputStream report() {
        return Objects.requireNonNull(report);
    }
}
