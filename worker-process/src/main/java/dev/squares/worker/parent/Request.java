package dev.squares.worker.parent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One who wants a worker. It is decided on once, under the pool's lock, and told so outside: whoever gives up waiting looks again
 * under the lock, and finds what was decided in the meantime.
 */
final class Request {
    private final ProcessKind kind;
    private final boolean shares;
    private long since;
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile @Nullable Slot slot;
    private volatile boolean refused;

    /** @param shares whether a worker will do that others have at the same time */
    Request(ProcessKind kind, boolean shares) {
        this.kind = kind;
        this.shares = shares && kind == ProcessKind.POOLED;
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

    void serve(Slot with) {
        slot = with;
    }

    void refuse() {
        refused = true;
    }

    /** What it was served with, if it was. */
    @Nullable
    Slot slot() {
        return slot;
    }

    /** Whether the pool is closed. */
    boolean isRefused() {
        return refused;
    }

    boolean isDecided() {
        return slot != null || refused;
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
