package dev.squares.worker.fork;

import dev.squares.worker.memory.Job;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
 * never more than {@code standby}, busy ones never more than {@code maxProcesses}, and all processes together, those included
 * that are starting or ending, never more than the sum of both.
 *
 * <p>A start that fails is tried again after a pause that doubles with every failure: it never spins.
 */
public final class WorkerPool implements AutoCloseable {
    private static final Logger LOG = System.getLogger(WorkerPool.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** About a start's time: who waits for less is served sooner by a pooled worker that comes back from a short job. */
    private static final Duration WORTH_A_START = Duration.ofMillis(50);

    /** Longer than a short job takes, and much shorter than a start. */
    private static final Duration BREATH = Duration.ofMillis(10);

    /** After so long without a request, another is not expected at once. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final long STACK_BYTES = 512 << 10;

    private final WorkerCommand command;
    private final WarmUp warmUp;
    private final PoolSettings settings;
    private final StartListener startListener;
    private final OomKills oomKills = OomKills.ofThisProcess();
    private final ScheduledThreadPoolExecutor timer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition allEnded = lock.newCondition();
    // All of what follows is guarded by the lock.
    private final ArrayDeque<Worker> unused = new ArrayDeque<>();
    private final ArrayDeque<Worker> used = new ArrayDeque<>();
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private final Set<Worker> alive = new HashSet<>();
    private final Set<Worker> cold = new HashSet<>();
    private int processes;
    private int starting;
    private int warming;
    private boolean warmUpPending;
    private long lastTake = System.nanoTime();
    private int busyFresh;
    private int busyPooled;
    private int failures;
    private boolean pausing;
    private boolean lookingAgain;
    private boolean refillPending;
    private boolean closed;

    /**
     * Starts the first workers in the background, and returns at once.
     *
     * @param warmUp gives the job with which a worker is warmed up, and proves that it works
     */
    public WorkerPool(WorkerCommand command, WarmUp warmUp, PoolSettings settings, StartListener startListener) {
        this.command = command;
        this.warmUp = warmUp;
        this.settings = settings;
        this.startListener = startListener;
        this.timer = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name("worker-timer").factory(),
                // After the end there is nothing left to time: who still has a lease finds its worker dead.
                new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        // Its thread is there before there is none to be had.
        timer.prestartCoreThread();
        locked(this::refill);
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

    /** What there is now. */
    public Status status() {
        lock.lock();
        try {
            boolean failing = failures > 0;
            // A pool without stand-by workers has none to show, and starts one when it is asked.
            int idle = idle() + warming;
            boolean ready = idle + busy() > 0 || (settings.standby() == 0 && !failing);
            return new Status(idle, busy(), starting, waiting.size(), failing, ready);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a worker, to be given back by closing the lease.
     *
     * @throws NoWorkerAvailableException if none came free within {@code queueTimeout}
     */
    public Lease take(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        Waiter waiter = new Waiter(kind, System.nanoTime(), new CompletableFuture<>());
        locked(() -> enqueue(waiter));
        try {
            return new Lease(waiter.worker.get(settings.queueTimeout().toNanos(), TimeUnit.NANOSECONDS), kind);
        } catch (TimeoutException e) {
            Worker late = abandon(waiter);
            if (late != null) {
                return new Lease(late, kind);
            }
            throw new NoWorkerAvailableException(
                    "no worker came free within " + settings.queueTimeout().toMillis() + " ms");
        } catch (InterruptedException e) {
            Worker late = abandon(waiter);
            if (late != null) {
                new Lease(late, kind).close();
            }
            throw e;
        } catch (ExecutionException e) {
            throw new NoWorkerAvailableException("the service is stopping");
        }
    }

    /** One worker, held for one job. */
    public final class Lease implements AutoCloseable {
        private final Worker worker;
        private final ProcessKind kind;
        private boolean givenBack;

        private Lease(Worker worker, ProcessKind kind) {
            this.worker = worker;
            this.kind = kind;
        }

        /** The worker's process id. */
        public long pid() {
            return worker.pid();
        }

        /**
         * Runs a job within {@code timeout}. Unless it reported, the child is dead when this returns, or throws.
         *
         * @param maxReportBytes the longest report that the job can have
         * @throws IOException if the reader could not keep the report
         */
        public Ending run(Job job, long maxReportBytes, ReportReader reader) throws IOException, InterruptedException {
            return worker.run(job, maxReportBytes, settings.timeout(), reader);
        }

        /** Kills the worker, unless it has been given back and may be somebody else's by now. */
        public void kill() {
            locked(() -> {
                if (!givenBack) {
                    worker.kill();
                }
            });
        }

        /** Gives the worker back. Does not wait for one that ends. */
        @Override
        public void close() {
            locked(() -> {
                if (!givenBack) {
                    givenBack = true;
                    giveBack(worker, kind);
                }
            });
        }
    }

    private record Waiter(ProcessKind kind, long since, CompletableFuture<Worker> worker) {
        boolean isWorthAStart() {
            return System.nanoTime() - since >= WORTH_A_START.toNanos();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private int idle() {
        return unused.size() + used.size();
    }

    private int busy() {
        return busyFresh + busyPooled;
    }

    private void enqueue(Waiter waiter) {
        lastTake = waiter.since;
        if (closed) {
            waiter.worker.completeExceptionally(new IllegalStateException("closed"));
            return;
        }
        if (waiter.kind == ProcessKind.FRESH && unused.isEmpty() && used.size() >= settings.standby()) {
            // Every idle worker has worked already. One makes room, so that the next fresh request finds one that has
            // not.
            retire(used.pollFirst());
        }
        waiting.add(waiter);
        dispatch();
    }

    /** Leaves the queue; returns the worker that was handed over in the meantime, if any. */
    private @Nullable Worker abandon(Waiter waiter) {
        locked(() -> {
            if (waiting.remove(waiter)) {
                dispatch();
            }
        });
        // It may have been refused in the meantime as well, where the pool has been closed.
        return waiter.worker.isCompletedExceptionally() ? null : waiter.worker.getNow(null);
    }

    /** Hands idle workers to those who wait, in order, and starts as many as are missing. */
    private void dispatch() {
        dispatch(false);
    }

    /** @param refill whether what is missing to stand by is started now, and not a little later */
    private void dispatch(boolean refill) {
        int places = settings.maxProcesses() - busy();
        int freshUnserved = 0;
        int pooledUnserved = 0;
        for (Iterator<Waiter> queue = waiting.iterator(); queue.hasNext() && places > 0; places--) {
            Waiter waiter = queue.next();
            Worker worker = pollIdle(waiter.kind);
            if (worker == null) {
                // It keeps its place: those behind it cannot take it.
                switch (waiter.kind) {
                    case FRESH -> freshUnserved++;
                    case POOLED -> {
                        if (busyPooled == 0 || waiter.isWorthAStart()) {
                            pooledUnserved++;
                        } else {
                            lookAgain();
                        }
                    }
                }
            } else {
                queue.remove();
                count(waiter.kind, 1);
                waiter.worker.complete(worker);
            }
        }
        int missing = freshUnserved + pooledUnserved;
        // A pooled worker comes back from its job: none needs to be started in its place.
        int standbyMissing = settings.standby() - idle() - busyPooled - pooledUnserved;
        if (refill || missing > 0) {
            missing += Math.max(standbyMissing, 0);
        } else if (starting + warming < standbyMissing) {
            refillLater();
        }
        while (!closed && !pausing && starting + warming < missing
                && processes < settings.maxProcesses() + settings.standby()) {
            processes++;
            starting++;
            startThread("worker-start", this::start);
        }
    }

    /**
     * A platform thread: what blocks in the system, as a fork and the reading of a pipe do, has the scheduler of virtual threads
     * create a thread in its place, and throws where none can be created.
     */
    private static void startThread(String name, Runnable task) {
        Thread.ofPlatform().daemon().name(name).stackSize(STACK_BYTES).start(task);
    }

    /** A start takes all of a core: it does not begin before the request that makes it necessary has had time to be answered. */
    private void refillLater() {
        if (!refillPending) {
            refillPending = true;
            timer.schedule(() -> locked(this::refill), BREATH.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void refill() {
        refillPending = false;
        dispatch(true);
    }

    /** One who waits now may be worth a start soon. */
    private void lookAgain() {
        if (!lookingAgain) {
            lookingAgain = true;
            timer.schedule(() -> locked(() -> {
                lookingAgain = false;
                dispatch();
            }), WORTH_A_START.toMillis() + 1, TimeUnit.MILLISECONDS);
        }
    }

    private @Nullable Worker pollIdle(ProcessKind kind) {
        Worker worker = kind == ProcessKind.POOLED ? used.pollLast() : null;
        if (worker == null) {
            worker = unused.pollFirst();
            cold.remove(worker);
        }
        return worker;
    }

    private void count(ProcessKind kind, int change) {
        switch (kind) {
            case FRESH -> busyFresh += change;
            case POOLED -> busyPooled += change;
        }
    }

    private void giveBack(Worker worker, ProcessKind kind) {
        count(kind, -1);
        boolean workedOut = kind == ProcessKind.FRESH || worker.countJob() >= settings.maxJobs();
        if (closed || workedOut || !worker.isUsable()) {
            retire(worker);
        } else {
            used.addLast(worker);
        }
        dispatch();
        trim();
    }

    /** Ends what stands idle beyond {@code standby}, so that both kinds stay at hand. */
    private void trim() {
        while (idle() > settings.standby()) {
            retire(unused.size() > used.size() ? unused.pollLast() : used.pollFirst());
        }
    }

    private static void retire(@Nullable Worker worker) {
        if (worker != null) {
            worker.end();
        }
    }

    private void start() {
        long start = System.nanoTime();
        Worker worker;
        try {
            worker = Worker.start(command, timer, settings.killGrace(), oomKills);
        } catch (Throwable e) {
            tell(start, false);
            locked(() -> {
                starting--;
                startFailed(e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString());
                gone();
            });
            return;
        }
        locked(() -> {
            alive.add(worker);
            if (closed) {
                worker.end();
            }
        });
        worker.onExit().thenRun(() -> locked(() -> ended(worker)));
        String failure = warmUp(worker, 1);
        tell(start, failure == null);
        locked(() -> {
            starting--;
            if (failure == null) {
                failures = 0;
                cold.add(worker);
                ready(worker);
                warmUpLater();
            } else {
                startFailed(failure);
            }
        });
    }

    /** Has it do the warm-up job so many times; returns what went wrong, if anything did. */
    private @Nullable String warmUp(Worker worker, int times) {
        try {
            Ending ending = new Ending.Reported();
            for (int i = 0; i < times && ending instanceof Ending.Reported; i++) {
                ending = worker.run(
                        warmUp.job(),
                        Long.MAX_VALUE,
                        settings.startTimeout(),
                        report -> report.transferTo(OutputStream.nullOutputStream()));
            }
            return ending instanceof Ending.Reported ? null : ending.toString();
        } catch (Throwable e) {
            // Also an Error, as where no thread can be created: it must not cost a place.
            worker.kill();
            return e.toString();
        }
    }

    private void tell(long start, boolean succeeded) {
        try {
            startListener.onStart(Duration.ofNanos(System.nanoTime() - start), succeeded);
        } catch (Throwable e) {
            LOG.log(Level.WARNING, "could not tell of a start", e);
        }
    }

    private void ready(Worker worker) {
        if (closed) {
            retire(worker);
            return;
        }
        if (alive.contains(worker)) {
            unused.addLast(worker);
        }
        dispatch();
        trim();
    }

    /** One job shows that a worker works. It has code compiled by many, for which there is time when nobody needs it. */
    private void warmUpLater() {
        if (!warmUpPending && !cold.isEmpty() && settings.idleWarmUps() > 0) {
            warmUpPending = true;
            timer.schedule(() -> locked(() -> {
                warmUpPending = false;
                warmUpOne();
            }), QUIET.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void warmUpOne() {
        boolean quiet = System.nanoTime() - lastTake > QUIET.toNanos() && starting + warming + busy() == 0;
        Worker worker = quiet ? unused.stream().filter(cold::contains).findFirst().orElse(null) : null;
        if (worker != null && !closed) {
            cold.remove(worker);
            unused.remove(worker);
            warming++;
            startThread("worker-warm-up", () -> {
                String failure = warmUp(worker, settings.idleWarmUps());
                locked(() -> {
                    warming--;
                    if (failure == null) {
                        ready(worker);
                    } else {
                        startFailed(failure);
                    }
                });
            });
        }
        warmUpLater();
    }

    private void startFailed(String reason) {
        long pause = Math.min(FIRST_PAUSE.toMillis() << Math.min(failures, 10), LONGEST_PAUSE.toMillis());
        if (!pausing || failures == 0) {
            // Those that were started together fail together: that is one failure.
            failures++;
        }
        pause(pause, "could not start a worker: " + reason);
    }

    private void ended(Worker worker) {
        alive.remove(worker);
        cold.remove(worker);
        if (unused.remove(worker) || used.remove(worker)) {
            // Nobody asked it to: perhaps its replacement would do the same, but it has started once.
            pause(FIRST_PAUSE.toMillis(),
                    "an idle worker ended: pid=" + worker.pid() + " exitCode=" + worker.exitStatus().code());
        }
        gone();
    }

    private void gone() {
        processes--;
        dispatch();
        if (processes == 0) {
            allEnded.signalAll();
        }
    }

    /** Starts nothing for a while. */
    private void pause(long millis, String reason) {
        if (closed || pausing) {
            // One pause at a time, or the end of a shorter one would cut a longer one short.
            return;
        }
        pausing = true;
        LOG.log(Level.WARNING, () -> reason + "; next start in " + millis + " ms");
        timer.schedule(() -> locked(this::resume), millis, TimeUnit.MILLISECONDS);
    }

    private void resume() {
        pausing = false;
        dispatch();
    }

    /** Ends every worker, also in the middle of a job, and waits until all are gone. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach(waiter -> waiter.worker.completeExceptionally(new IllegalStateException("closed")));
            waiting.clear();
            unused.clear();
            used.clear();
            alive.forEach(Worker::end);
            long patience = settings.killGrace().toNanos() * 4;
            while (processes > 0 && patience > 0) {
                patience = allEnded.awaitNanos(patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            alive.forEach(Worker::kill);
            lock.unlock();
            timer.shutdownNow();
        }
    }
}
