package dev.squares.worker.parent;

import dev.squares.worker.memory.Job;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps worker processes: some idle ones stand ready, warmed up; replacements start in the background. One rule a kind:
 *
 * <ul>
 *   <li>{@link ProcessKind#FRESH} takes one that has never worked, and it ends after the job.
 *   <li>{@link ProcessKind#POOLED} takes any idle one, best one that has worked before, and gives it back until it has done
 *       {@code maxJobs}.
 * </ul>
 *
 * <p>Requests are served in the order in which they came; none overtakes another to take the last free place. Idle workers are
 * no more than {@code standby}, but for a second after more of them have worked at once; busy ones are never more than {@code
 * maxProcesses}, and all processes together, those included that are starting or ending, never more than the sum of both.
 *
 * <p>A start that fails is tried again after a pause that doubles with every failure: it never spins.
 *
 * <p>What it has is in {@link PoolState}, what it does next is decided in {@link PoolPlan}, and every change takes the way of {@link
 * PoolEvents}.
 */
public final class WorkerPool implements AutoCloseable {
    private final CommandSource commands;
    private final PoolSettings settings;
    private final ScheduledThreadPoolExecutor timer;
    private final PoolEvents events;

    /**
     * Starts the first workers in the background, and returns at once.
     *
     * @param warmUp gives the job with which a worker is warmed up, and proves that it works
     * @param mailboxes where each worker gets a mailbox; {@link MailboxFiles#NONE} if none does
     */
    public WorkerPool(
            CommandSource commands, WarmUp warmUp, MailboxFiles mailboxes, PoolSettings settings,
            StartListener startListener) {
        this.commands = commands;
        this.settings = settings;
        this.timer = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name("worker-timer").factory(),
                // After the end there is nothing left to time: who still has a lease finds its worker dead.
                new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        // Its thread is there before there is none to be had.
        timer.prestartCoreThread();
        this.events = new PoolEvents(timer, settings,
                pool -> new WorkerStarter(commands, warmUp, mailboxes, settings, startListener, timer, pool));
        events.planAgain();
    }

    /** Gives the command that a worker is started with. */
    @FunctionalInterface
    public interface CommandSource {
        /**
         * Asked at every start: what the command needs may have to be made anew.
         *
         * @param startedFor what the worker will probably be leased as
         */
        WorkerCommand command(ProcessKind startedFor) throws IOException;
    }

    /** Gives the warm-up job. */
    @FunctionalInterface
    public interface WarmUp {
        /** A job whose file nobody else writes to; its report is thrown away. */
        Job job() throws IOException;
    }

    /** Hears of every start. */
    @FunctionalInterface
    public interface StartListener {
        /** @param took from the fork to the end of the warm-up job */
        void onStart(Duration took, boolean succeeded);
    }

    /**
     * How many processes there are.
     *
     * @param idle standing ready
     * @param busy on a job
     * @param starting not ready yet
     * @param waiting requests in the queue
     * @param failing whether the last start failed, and the next is put off
     * @param ready whether a job can be expected to find a worker
     */
    public record Status(int idle, int busy, int starting, int waiting, boolean failing, boolean ready) {}

    /**
     * Where a worker comes from.
     *
     * @param pid its process id
     * @param ppid the process that forked it
     * @param forkedMillisAgo how long ago that was
     * @param pidNamespace the namespace in which these ids are numbered, see pid_namespaces(7); null where it cannot be seen
     */
    public record Origin(
        long pid,
        @Nullable Long ppid,
        @Nullable Long forkedMillisAgo,
        @Nullable String pidNamespace
    ) {}

    /** What there is now. */
    public Status status() {
        return events.status();
    }

    /**
     * Takes a worker, to be given back by closing the lease.
     *
     * @throws NoWorkerAvailableException if none came free within {@code queueTimeout}
     */
    public Lease take(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        return take(kind, 1).getFirst();
    }

    /**
     * Takes several workers for jobs that run at the same time: all at once, in the order of the queue, or none. So two who want several
     * never wait for each other.
     *
     * @throws IllegalArgumentException if there are never so many
     * @throws NoWorkerAvailableException if there were not so many within {@code queueTimeout}
     */
    public List<Lease> take(ProcessKind kind, int workers) throws NoWorkerAvailableException, InterruptedException {
        if (workers < 1 || workers > settings.maxProcesses()) {
            throw new IllegalArgumentException("workers out of range: " + workers);
        }
        return take(new Request(kind, workers));
    }

    /**
     * Takes a worker for one short job, as {@link #take} does. A pooled one may be lent to others at the same time, who have asked for
     * it in this way as well.
     */
    public Lease takeForShortJob(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        return take(new Request(kind, true)).getFirst();
    }

    private List<Lease> take(Request request) throws NoWorkerAvailableException, InterruptedException {
        try {
            events.happened((pool, now) -> pool.enqueue(request, now));
            request.await(settings.queueTimeout());
        } catch (Throwable e) {
            withdraw(request).forEach(Lease::close);
            throw e;
        }
        List<Lease> leases = request.isDecided() ? leases(request) : withdraw(request);
        if (leases.isEmpty()) {
            throw new NoWorkerAvailableException(request.isRefused()
                    ? "the service is stopping"
                    : noneCameFree(request.workers()) + " within " + settings.queueTimeout().toMillis() + " ms");
        }
        return leases;
    }

    private static String noneCameFree(int workers) {
        return workers == 1 ? "no worker came free" : workers + " workers did not come free";
    }

    /**
     * Starts a worker of which another process is the parent. It is none of those that this pool keeps and counts.
     *
     * @throws NoWorkerAvailableException if it did not start
     */
    public StandIn startBehindStandIn() throws NoWorkerAvailableException, InterruptedException {
        try {
            return StandIn.start(commands, settings, timer);
        } catch (IOException e) {
            throw new NoWorkerAvailableException("a stand-in for its parent did not start: " + e.getMessage());
        }
    }

    /** Leaves the queue; returns what has been handed over in the meantime, if anything has. */
    private List<Lease> withdraw(Request request) {
        events.happened((pool, _) -> pool.withdraw(request));
        return leases(request);
    }

    private List<Lease> leases(Request request) {
        List<Slot> slots = request.slots();
        List<Lease> leases = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            leases.add(new PooledLease(slot, settings, events));
        }
        return leases;
    }

    /** One worker, held for one job. */
    public interface Lease extends AutoCloseable {
        /** The worker's process id. */
        long pid();

        /** Whether the worker lives, and nobody has asked it to end. */
        boolean isUsable();

        /** Where the worker comes from. */
        Origin origin();

        /**
         * Runs a job within {@code timeout}. Unless it reported, the child is dead when this returns, or throws.
         *
         * @param maxReportBytes the longest report that the job can have
         * @throws IOException if the reader could not keep the report
         */
        Outcome run(Job job, long maxReportBytes, ReportReader reader) throws IOException, InterruptedException;

        /**
         * Runs a short job, as {@link #run(Job, long, ReportReader)} does. For one that was taken for it.
         *
         * @throws NoMailboxException if the worker has no mailbox
         * @throws IOException if the job could not take its report
         */
        default Outcome run(ShortJob job) throws IOException, InterruptedException {
            throw new UnsupportedOperationException("not taken for a short job");
        }

        /**
         * Has the worker end, unless it has been given back and may be somebody else's by now, or is shared with others who have not done
         * so: a short job ends soon, or at its deadline.
         */
        void kill();

        /** Gives the worker back. Does not wait for one that ends. */
        @Override
        void close();
    }

    /** Ends every worker, also in the middle of a job, and waits until all are gone. Kills those that do not go. */
    @Override
    public void close() {
        events.happened(PoolState::close);
        try {
            events.awaitEnd(settings.killGrace().toNanos() * 4);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            events.happened((pool, _) -> pool.killAll());
            timer.shutdownNow();
        }
    }
}
