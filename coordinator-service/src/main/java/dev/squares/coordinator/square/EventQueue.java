package dev.squares.coordinator.square;

import dev.squares.coordinator.square.Events.Work;
import dev.squares.coordinator.workers.Workers.Held;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.tracing.Tracing;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Brings events from the thread that does the work to the thread that writes to the client. */
final class EventQueue {
    /** Between two looks: 20 a second. */
    static final long LOOK_MILLIS = 50;

    private final LinkedBlockingQueue<EventText> events = new LinkedBlockingQueue<>();
    /** Wakes the writer. */
    private final EventText over = new EventText("", "");
    private final DoubleSupplier clock;
    // What follows is guarded by this.
    private @Nullable Held workers;
    private boolean cancelled;

    /** @param clock in milliseconds */
    EventQueue(DoubleSupplier clock) {
        this.clock = clock;
    }

    /** Writes to the client. */
    @FunctionalInterface
    interface Writer {
        void write(EventText event) throws IOException;
    }

    /** Looks at what happens. */
    @FunctionalInterface
    interface Look {
        void look() throws IOException;
    }

    /** Puts an event in, which happens now. */
    synchronized void add(EventText event) {
        event.at(clock.getAsDouble());
        events.add(event);
    }

    /** Says of an event that it happens now, unless one that happened before is still to be written. */
    synchronized boolean isNext(EventText event) {
        event.at(clock.getAsDouble());
        return events.isEmpty();
    }

    /**
     * Has the work done by another thread, and writes events and looks until it is done. Where the client cannot be written to, the
     * work is cancelled.
     */
    void during(Work work, Writer writer, Look look) throws IOException, ClientGoneException {
        Result result = new Result();
        Thread thread = Thread.ofVirtual().name("job").start(Tracing.carriedOn(() -> {
            try {
                result.of(work);
            } finally {
                events.add(over);
            }
        }));
        boolean written = false;
        try {
            write(writer, look);
            written = true;
        } catch (InterruptedException e) {
            throw ProblemException.of(e);
        } finally {
            if (!written) {
                cancel(thread);
            }
            join(thread);
        }
        result.get();
    }

    private void write(Writer writer, Look look) throws IOException, InterruptedException {
        long nextLook = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
        while (true) {
            EventText event = events.poll(nextLook - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == over) {
                return;
            }
            if (event != null) {
                writer.write(event);
            } else {
                look.look();
                nextLook = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
            }
        }
    }

    /** The work is done by these from now on. */
    synchronized void heldBy(Held workers) {
        this.workers = workers;
        if (cancelled) {
            workers.cancel();
        }
    }

    private synchronized void cancel(Thread thread) {
        cancelled = true;
        if (workers == null) {
            thread.interrupt();
        } else {
            workers.cancel();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How the work ended. Written by one thread, and read by another when that one has ended. */
    private static final class Result {
        private @Nullable Throwable failure;

        void of(Work work) {
            try {
                work.run();
            } catch (Throwable e) {
                failure = e;
            }
        }

        void get() throws IOException, ClientGoneException {
            switch (failure) {
                case null -> {
                }
                case IOException e -> throw e;
                case ClientGoneException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        }
    }
}
