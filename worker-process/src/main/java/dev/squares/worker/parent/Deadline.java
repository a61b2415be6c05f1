package dev.squares.worker.parent;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees that a job does not take too long. To start and to stop it is cheap, for most jobs end long before their deadline: a
 * timer's task is not cancelled with its job, but looks, when its time has come, what is due then. A task a job would wake the
 * timer's thread with each of them.
 */
final class Deadline {
    private final ScheduledExecutorService timer;
    private final Runnable onPassed;
    // All of what follows is guarded by this.
    private boolean running;
    private long due;
    private @Nullable Future<?> look;
    private long lookDue;

    /** @param onPassed what is done, in the timer's thread, when a deadline passes */
    Deadline(ScheduledExecutorService timer, Runnable onPassed) {
        this.timer = timer;
        this.onPassed = onPassed;
    }

    synchronized void start(Duration timeout) {
        long now = System.nanoTime();
        running = true;
        due = now + timeout.toNanos();
        if (look != null && lookDue - due > 0) {
            // It would come too late: the job before this one had longer.
            cancel();
        }
        if (look == null) {
            lookIn(due - now);
        }
    }

    /** What runs has no longer than this from now on. False if it has less. */
    synchronized boolean shorten(Duration timeout) {
        boolean sooner = running && due - System.nanoTime() > timeout.toNanos();
        if (sooner) {
            start(timeout);
        }
        return sooner;
    }

    /** When this returns, the deadline has passed or will not. */
    synchronized void stop() {
        running = false;
    }

    /** For good: nothing is left in the timer. */
    synchronized void cancel() {
        if (look != null) {
            look.cancel(false);
            look = null;
        }
    }

    private void lookIn(long nanos) {
        lookDue = due;
        look = timer.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private synchronized void look() {
        look = null;
        if (!running) {
            return;
        }
        long left = due - System.nanoTime();
        if (left > 0) {
            lookIn(left);
        } else {
            onPassed.run();
        }
    }
}
