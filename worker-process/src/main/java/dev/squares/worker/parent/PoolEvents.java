package dev.squares.worker.parent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The one way in which a pool changes: under the lock an event changes the state, and what follows is planned and noted; outside
 * the lock it is done. Looks again by itself when something is due.
 */
final class PoolEvents {
    private static final Logger LOG = System.getLogger(WorkerPool.class.getName());

    private final long origin = System.nanoTime();
    private final Alarm alarm;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition allExited = lock.newCondition();
    // What follows is guarded by the lock.
    private final Effects noted;
    private final PoolState state;

    /** What happens to a pool. */
    @FunctionalInterface
    interface Event {
        /** @param now in nanoseconds of the pool's clock, which is what every time of the pool is measured with */
        void happen(PoolState state, long now);
    }

    /** @param processes does what follows from events, and lets this know of what becomes of it */
    PoolEvents(
            ScheduledExecutorService timer, PoolSettings settings, Function<PoolEvents, Effects.Processes> processes) {
        this.alarm = new Alarm(timer, this::planAgain);
        this.noted = new Effects(processes.apply(this));
        this.state = new PoolState(settings, noted);
    }

    void planAgain() {
        happened((_, _) -> {});
    }

    void happened(Event event) {
        requireNoLock();
        List<Runnable> effects;
        long now;
        long lookAt;
        lock.lock();
        try {
            now = System.nanoTime() - origin;
            event.happen(state, now);
            lookAt = state.settle(now);
            effects = noted.take();
            if (state.isOver()) {
                allExited.signalAll();
            }
        } finally {
            lock.unlock();
        }
        effects.forEach(this::perform);
        if (lookAt != PoolPlan.NEVER) {
            alarm.at(lookAt, now);
        }
    }

    /** No effect that fails keeps another from happening. */
    private void perform(Runnable effect) {
        requireNoLock();
        try {
            effect.run();
        } catch (Throwable e) {
            report(e);
        }
    }

    private static void report(Throwable failure) {
        try {
            LOG.log(Level.ERROR, "what follows from a change of the pool failed", failure);
        } catch (Throwable e) {
            // Also a log may want memory or a thread that cannot be had. What else follows is more important.
        }
    }

    /** Where processes are started or killed, and where threads are woken, nobody is to wait for the lock. */
    void requireNoLock() {
        assert !lock.isHeldByCurrentThread();
    }

    boolean isAnybodyWaiting() {
        return status().waiting() > 0;
    }

    WorkerPool.Status status() {
        lock.lock();
        try {
            return state.status();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a pool that is closed has no process any more, or for so long. */
    void awaitEnd(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long patience = nanos;
            while (!state.isOver() && patience > 0) {
                patience = allExited.awaitNanos(patience);
            }
        } finally {
            lock.unlock();
        }
    }
}
