package dev.squares.worker.parent;

import java.time.Duration;

/**
 * For how long nothing is started after a start has failed: a pause that doubles with every failure. Guarded by the pool's lock.
 * Times are in nanoseconds of the pool's clock.
 */
final class Backoff {
    static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
    static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();
    private static final int DOUBLINGS = 10;

    private int failures;
    private long until;

    /** Whether the last start failed. */
    boolean isFailing() {
        return failures > 0;
    }

    boolean isPausing(long now) {
        return now < until;
    }

    /** The end of the last pause. */
    long until() {
        return until;
    }

    void startSucceeded() {
        failures = 0;
    }

    /** Returns how long the pause is that begins with this; 0 if one goes on already. */
    long startFailed(long now) {
        long pause = Math.min(FIRST_PAUSE << Math.min(failures, DOUBLINGS), LONGEST_PAUSE);
        if (failures == 0 || !isPausing(now)) {
            // Those that were started together fail together: that is one failure.
            failures++;
        }
        return pause(pause, now);
    }

    /**
     * A worker ended that had been started well: perhaps its replacement would do the same.
     *
     * @return as {@link #startFailed}
     */
    long workerDied(long now) {
        return pause(FIRST_PAUSE, now);
    }

    private long pause(long pause, long now) {
        if (isPausing(now)) {
            // One pause at a time.
            return 0;
        }
        until = now + pause;
        return pause;
    }
}
