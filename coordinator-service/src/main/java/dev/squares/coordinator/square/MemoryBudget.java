package dev.squares.coordinator.square;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Divides a number of bytes among shares that grow while others do. No two of them can wait for each other:
 *
 * <ul>
 *   <li>A share that holds nothing waits in the order of arrival.
 *   <li>Of the shares that hold some and still grow, only the oldest waits, and is the first to be served. What it waits for
 *       counts as taken. Another one that finds too little is refused at once; its holder gives back all of it.
 *   <li>A share that has taken its last never waits again. So what it holds comes back.
 * </ul>
 *
 * <p>All the waiting of one share ends at one deadline.
 */
final class MemoryBudget {
    private final long limit;
    private final long timeoutNanos;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock();
    /** Those that hold some and still grow, the oldest first. */
    private final SequencedSet<Share> growing = new LinkedHashSet<>();
    /** At its head the oldest of the growing, if that waits. All others hold nothing. */
    private final Deque<Share> waiting = new ArrayDeque<>();
    private long taken;

    /** @param nanoTime as {@link System#nanoTime()} */
    MemoryBudget(long limit, Duration timeout, LongSupplier nanoTime) {
        this.limit = limit;
        this.timeoutNanos = timeout.toNanos();
        this.nanoTime = nanoTime;
    }

    long limit() {
        return limit;
    }

    /** Bytes of all shares. */
    long taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** How many shares wait. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Serves those that wait, in order, as far as it goes. */
    private void serve() {
        for (Share head = waiting.peek(); head != null && fits(head.wanted); head = waiting.peek()) {
            waiting.remove();
            head.waits = false;
            head.grant();
            head.granted.signal();
        }
    }

    private boolean fits(long bytes) {
        return taken + bytes <= limit;
    }

    /** What a growing share waits for. */
    private long promised() {
        Share head = waiting.peek();
        return head == null || head.own == 0 ? 0 : head.wanted;
    }

    /** One request's. For one thread. */
    final class Share {
        private long own;
        private boolean hasAll;
        private long wanted;
        private boolean wantsLast;
        private boolean waits;
        private final Condition granted = lock.newCondition();
        private @Nullable Long deadline;

        /**
         * Takes some more.
         *
         * @param last whether it is the last that it will wait for
         * @throws IOException if it cannot be had; why, is its message
         */
        void take(long bytes, boolean last) throws IOException {
            lock.lock();
            try {
                wanted = bytes;
                wantsLast = last;
                if (own + bytes > limit) {
                    throw new IOException("more than squares.shared-memory-limit=" + limit);
                }
                if (isFree(bytes)) {
                    grant();
                } else if (mayWait()) {
                    await();
                } else {
                    throw new IOException("an older request waits for, or others have taken, "
                            + "squares.shared-memory-limit=" + limit);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for room", e);
            } finally {
                lock.unlock();
            }
        }

        private boolean isFree(long bytes) {
            boolean isNext = own > 0 || waiting.isEmpty();
            return isNext && fits(bytes + promised());
        }

        private boolean mayWait() {
            return !hasAll && (own == 0 || growing.getFirst() == this);
        }

        private void await() throws IOException, InterruptedException {
            if (own > 0) {
                waiting.addFirst(this);
            } else {
                waiting.addLast(this);
            }
            waits = true;
            if (deadline == null) {
                deadline = nanoTime.getAsLong() + timeoutNanos;
            }
            try {
                for (long left = deadline - nanoTime.getAsLong(); waits; left = granted.awaitNanos(left)) {
                    if (left <= 0) {
                        throw new IOException("other requests have taken squares.shared-memory-limit=" + limit);
                    }
                }
            } finally {
                if (waits) {
                    waits = false;
                    waiting.remove(this);
                    // It was in the way of those behind it.
                    serve();
                }
            }
        }

        private void grant() {
            taken += wanted;
            own += wanted;
            hasAll |= wantsLast;
            if (hasAll) {
                growing.remove(this);
            } else {
                growing.add(this);
            }
        }

        /** Gives some of it back. */
        void giveBack(long bytes) {
            lock.lock();
            try {
                taken -= bytes;
                own -= bytes;
                if (own == 0) {
                    growing.remove(this);
                }
                serve();
            } finally {
                lock.unlock();
            }
        }

        /** Bytes it has taken, and not given back. */
        long own() {
            return own;
        }

        /** The most bytes that it could have now if it had to wait for nobody. */
        long available() {
            lock.lock();
            try {
                return Math.max(0, limit - (taken - own) - (waiting.peek() == this ? 0 : promised()));
            } finally {
                lock.unlock();
            }
        }
    }
}
