package dev.squares.worker.parent;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task at the next time for which somebody has asked. It may come too early, for one that is set is not put off: the task
 * asks again for what is due later. So a request that moves such a time costs nothing.
 */
final class Alarm {
    private final ScheduledExecutorService timer;
    private final Runnable task;
    // What follows is guarded by this.
    private @Nullable Future<?> set;
    private long due;

    Alarm(ScheduledExecutorService timer, Runnable task) {
        this.timer = timer;
        this.task = task;
    }

    /** Sees that the task runs at {@code time} at the latest, where it is {@code now}; both in nanoseconds. */
    synchronized void at(long time, long now) {
        if (set != null) {
            if (due <= time) {
                return;
            }
            set.cancel(false);
            set = null;
        }
        due = time;
        set = timer.schedule(this::ring, Math.max(0, time - now), TimeUnit.NANOSECONDS);
    }

    private void ring() {
        synchronized (this) {
            set = null;
        }
        task.run();
    }
}
