package dev.squares.worker.parent;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A parent with a pool and with large stacks: one that can fork a child but not create a thread, for as long as whoever talks to
 * it over the pipes limits its address space.
 */
final class ThreadlessMain {
    private ThreadlessMain() {}

    public static void main(String[] args) throws Exception {
        // The thread that virtual threads run on is there before the limit is.
        Thread.ofVirtual().start(() -> {}).join();
        AtomicInteger failed = new AtomicInteger();
        PoolSettings settings = Settings.withQueueTimeout(Settings.of(0, 1), Duration.ofMillis(500));
        try (WorkerPool pool = new WorkerPool(
                _ -> Commands.quick(), () -> Pools.job("warm-up"), MailboxFiles.NONE, settings, (_, succeeded) -> {
                    if (!succeeded) {
                        failed.incrementAndGet();
                    }
                })) {
            say("limit my address space");
            requireThatNoThreadCanBeCreated();
            // Again and again: what is lost with one start does not always show in that one.
            for (int again = 0; again < 80 && failed.get() < 3; again++) {
                requireNoWorker(pool);
            }
            say("failed again and again: " + (failed.get() >= 3));
            try (WorkerPool.Lease lease = takeAgainAndAgain(pool)) {
                System.out.println("recovered: " + lease.run(Pools.job("list"), 100, new JsonLine()));
            }
        }
    }

    /** The pause after a failed start may be longer than a request waits. */
    private static WorkerPool.Lease takeAgainAndAgain(WorkerPool pool)
            throws InterruptedException, NoWorkerAvailableException {
        for (int again = 0; again < 80; again++) {
            try {
                return pool.take(ProcessKind.FRESH);
            } catch (NoWorkerAvailableException e) {
                // Not yet.
            }
        }
        return pool.take(ProcessKind.FRESH);
    }

    private static void requireNoWorker(WorkerPool pool) throws InterruptedException {
        try (WorkerPool.Lease _ = pool.take(ProcessKind.FRESH)) {
            throw new AssertionError("a worker was started");
        } catch (NoWorkerAvailableException e) {
            // As it must be.
        }
    }

    /** Says something, and waits until the other side has done what it then does. */
    private static void say(String line) throws IOException {
        System.out.println(line);
        if (System.in.read() != '\n') {
            throw new IOException("nobody is there");
        }
    }

    private static void requireThatNoThreadCanBeCreated() {
        try {
            Thread.ofPlatform().start(() -> {});
        } catch (OutOfMemoryError e) {
            return;
        }
        throw new AssertionError("a thread could be created");
    }
}
