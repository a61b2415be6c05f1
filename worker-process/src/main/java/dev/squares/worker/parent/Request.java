package dev.squares.worker.parent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One who wants a worker, or several at once. It is decided on once, under the pool's lock, and told so outside: whoever gives up waiting looks again
 * under the lock, and finds what was decided in the meantime.
 */
final class Request {
    private final ProcessKind kind;
    private final boolean shares;
    private final int workers;
    private long since;
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile List<Slot> slots = List.of();
    private volatile boolean refused;

    /** @param shares whether a worker will do that others have at the same time */
    Request(ProcessKind kind, boolean shares) {
        this(kind, shares, 1);
    }

    /** @param workers how many it wants, all of them or none */
    Request(ProcessKind kind, int workers) {
        this(kind, false, workers);
    }

    private Request(ProcessKind kind, boolean shares, int workers) {
        this.kind = kind;
        this.shares = shares && kind == ProcessKind.POOLED;
        this.workers = workers;
    }

    /** How many workers it wants. */
    int workers() {
        return workers;
    }

    /** Whether a worker will do that others who say so have at the same time. */
    boolean shares() {
        return shares;
    }

    ProcessKind kind() {
        return kind;
    }

    /** When it came to the queue, in nanoseconds of the pool's clock. */
    long since() {
        return since;
    }

    void queued(long now) {
        since = now;
    }

    /** To be called once for each that it wants, before the lock is let go. */
    void serve(Slot with) {
        List<Slot> served = new ArrayList<>(slots);
        served.add(with);
        slots = served;
    }

    void refuse() {
        refused = true;
    }

    /** What it was served with; nothing, if it was not. */
    List<Slot> slots() {
        return slots;
    }

    /** Whether the pool is closed. */
    boolean isRefused() {
        return refused;
    }

    boolean isDecided() {
        return slots.size() == workers || refused;
    }

    /** Wakes the thread that waits. */
    void tell() {
        told.countDown();
    }

    /** Waits until it has been served or refused, or the time is over. */
    void await(Duration timeout) throws InterruptedException {
        if (!isDecided()) {
            told.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
