package dev.squares.worker.parent;

import dev.squares.worker.memory.MailboxSlot;
import dev.squares.worker.memory.ParentMailbox;
import dev.squares.worker.memory.SlotJob;
import dev.squares.worker.parent.Outcome.Displaced;
import dev.squares.worker.parent.Outcome.Lost;
import dev.squares.worker.parent.Outcome.Reported;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs short jobs of several threads in one worker, through its mailbox. One of the threads leads: it sends what is to be sent, in one
 * write, and reads reports until its own is there; each report goes to the thread that waits for it, and the lead to one that still
 * waits. So a job that is alone needs no other thread, and many together need few switches between the processes. See Schmidt et al.,
 * Leader/Followers.
 *
 * <p>The worker runs jobs in the order in which they are sent, and says in the mailbox how many it has begun. When it ends, the job that
 * was begun last is the one that has ended with it. All others are {@link Displaced}, to be run by another worker.
 */
final class LeaderFollowers {
    private static final Logger LOG = System.getLogger(WorkerPool.class.getName());

    private final Worker worker;
    private final ParentMailbox mailbox;
    private final ReportLines reports;
    // All of what follows is guarded by this.
    private final ArrayDeque<Ride> unsent = new ArrayDeque<>();
    private final ArrayDeque<Ride> sent = new ArrayDeque<>();
    /** Whose job is in each slot, or nobody's: says whether that one has lost interest. */
    private final @Nullable BooleanSupplier[] slots = new @Nullable BooleanSupplier[ParentMailbox.SLOTS];
    private long lastSent;
    private boolean led;
    /** Whether jobs have been sent together with others. */
    private boolean crowded;
    private long runningSince;
    private @Nullable Outcome end;
    private boolean exited;

    LeaderFollowers(Worker worker, ParentMailbox mailbox, InputStream stdout) {
        this.worker = worker;
        this.mailbox = mailbox;
        this.reports = new ReportLines(stdout);
    }

    /**
     * Runs a job. Unless it {@link Reported}, the child is dead when this returns, or throws.
     *
     * @param timeout how long the child may take from the end of the job before
     * @param cancelled whether nobody wants the job's result any more, see {@link #isUnwanted}
     * @throws IOException if the job could not take its report
     */
    Outcome run(ShortJob job, Duration timeout, BooleanSupplier cancelled) throws IOException, InterruptedException {
        int slot = takeSlot(cancelled);
        if (slot < 0) {
            return new Displaced(worker.ended(System.nanoTime(), null));
        }
        try (MailboxSlot memory = mailbox.put(slot, job.list())) {
            Ride ride = new Ride(new SlotJob(slot, job.mapping(), job.view()).line(),
                    ReportParser.maxBytes(job.view(), job.list().length), timeout);
            if (join(ride) || ride.awaitTurn()) {
                lead(ride);
            }
            return finish(ride, job, memory);
        } finally {
            freeSlot(slot);
        }
    }

    private Outcome finish(Ride ride, ShortJob job, MailboxSlot memory) throws IOException, InterruptedException {
        Outcome outcome = ride.outcome();
        if (outcome == null) {
            try {
                job.reported(memory, ride.report());
                return new Reported();
            } catch (InvalidReportException e) {
                worker.kill();
                outcome = worker.ended(ride.since(), String.valueOf(e.getMessage()));
            }
        }
        job.ended(memory.written());
        return outcome;
    }

    /** Negative if the worker has ended. There is always one free: a worker is not lent to more at once. */
    private synchronized int takeSlot(BooleanSupplier cancelled) {
        if (end != null || exited) {
            return -1;
        }
        int slot = Arrays.asList(slots).indexOf(null);
        slots[slot] = cancelled;
        return slot;
    }

    private synchronized void freeSlot(int slot) {
        slots[slot] = null;
        closeIfUnused();
    }

    /** Whether nobody wants the result of any job that is here. */
    synchronized boolean isUnwanted() {
        return Arrays.stream(slots).allMatch(cancelled -> cancelled == null || cancelled.getAsBoolean());
    }

    /** Unmaps the mailbox as soon as nobody looks into it any more. */
    synchronized void exited() {
        exited = true;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (exited && Arrays.stream(slots).allMatch(Objects::isNull)) {
            try {
                mailbox.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a mailbox keeps its name for now", e);
            }
        }
    }

    /** Returns whether nobody leads, so that the caller has to. */
    private synchronized boolean join(Ride ride) {
        if (end != null) {
            ride.decide(new Displaced(end));
            return false;
        }
        unsent.add(ride);
        boolean leads = !led;
        led = true;
        return leads;
    }

    private void lead(Ride own) throws InterruptedException {
        String problem = null;
        boolean sound = false;
        try {
            while (!own.isDecided()) {
                if (crowded) {
                    // Threads that are about to join do so now, and their jobs are sent with this one.
                    Thread.yield();
                }
                sendAll();
                reports.read(limit());
                handOut();
            }
            sound = true;
        } catch (InvalidReportException e) {
            problem = e.getMessage();
            worker.kill();
        } catch (EOFException e) {
            // Its exit code says why.
        } catch (IOException e) {
            problem = e.getMessage();
            worker.kill();
        } finally {
            if (sound) {
                passOn();
            } else {
                endAll(problem);
            }
        }
    }

    private void sendAll() throws IOException, InvalidReportException {
        StringBuilder lines = new StringBuilder();
        synchronized (this) {
            if (unsent.isEmpty()) {
                return;
            }
            if (sent.isEmpty()) {
                startDeadline(unsent.element());
                if (reports.isMore()) {
                    throw new InvalidReportException("something was written before the job was given");
                }
            }
            crowded = unsent.size() + sent.size() > 1;
            for (Ride ride = unsent.poll(); ride != null; ride = unsent.poll()) {
                lines.append(ride.line()).append('\n');
                ride.sentAs(++lastSent);
                sent.add(ride);
            }
        }
        worker.send(lines.toString());
    }

    private void startDeadline(Ride next) {
        runningSince = System.nanoTime();
        worker.startDeadline(next.timeout());
    }

    private synchronized long limit() {
        return sent.element().maxReportBytes();
    }

    private void handOut() throws InvalidReportException {
        for (InputStream report = reports.next(); report != null; report = reports.next()) {
            synchronized (this) {
                Ride ride = sent.element();
                if (sent.size() == 1 && reports.isFollowed()) {
                    throw new InvalidReportException("something follows the report");
                }
                sent.remove();
                if (sent.isEmpty()) {
                    worker.stopDeadline();
                } else {
                    startDeadline(sent.element());
                }
                ride.decide(report);
            }
        }
    }

    private synchronized void passOn() {
        Ride next = sent.isEmpty() ? unsent.peek() : sent.peek();
        led = next != null;
        if (next != null) {
            next.lead();
        }
    }

    /** @param problem what the child has said that is no report; null if it just ended */
    private void endAll(@Nullable String problem) throws InterruptedException {
        worker.stopDeadline();
        Outcome how = new Lost(worker.pid(), "the thread that listened to the worker was interrupted");
        try {
            how = worker.ended(runningSince, problem);
        } finally {
            long begun = mailbox.begun();
            synchronized (this) {
                end = how;
                for (Ride ride : sent) {
                    ride.decide(ride.number() == begun ? how : new Displaced(how));
                }
                for (Ride ride : unsent) {
                    ride.decide(new Displaced(how));
                }
                sent.clear();
                unsent.clear();
            }
        }
    }
}
