package dev.squares.workerservice;

import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import dev.squares.worker.parent.ProcessKind;
import dev.squares.worker.parent.ReportReader;
import dev.squares.worker.parent.WorkerPool;
import dev.squares.worker.parent.WorkerPool.Lease;
import dev.squares.workerservice.LeaseGrant.Other;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * The workers that clients of this service have taken, each for one job. One that is not given its job in time goes back, for
 * its client may have gone.
 */
@Component
final class Leases {
    /** Endings that can still be asked for: far more than there are requests between a job's end and its client's question. */
    private static final int ENDINGS_KEPT = 1000;

    private static final long LOOK_MILLIS = 50;

    private final WorkerPool pool;
    private final long leaseNanos;
    private final ScheduledThreadPoolExecutor timer;
    /** Whether the timer has its one task, which looks after every lease. */
    private final AtomicBoolean armed = new AtomicBoolean();
    private final Map<String, LeaseEntry> held = new ConcurrentHashMap<>();
    private final Map<String, LeaseState> ended = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LeaseState> eldest) {
            return size() > ENDINGS_KEPT;
        }
    });

    Leases(WorkerPool pool, ServiceProperties properties) {
        this.pool = pool;
        this.leaseNanos = properties.leaseTimeout().toNanos();
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("lease-timer").factory());
    }

    private static final class LeaseEntry {
        final String id = UUID.randomUUID().toString();
        final Lease lease;
        final long deadline;
        /** Whether it has its job, or will not get one any more. */
        final AtomicBoolean settled = new AtomicBoolean();
        /** Its client's word in the middle of an explained job. */
        final CountDownLatch word = new CountDownLatch(1);

        LeaseEntry(Lease lease, long leaseNanos) {
            this.lease = lease;
            this.deadline = System.nanoTime() + leaseNanos;
        }

        /** True for one caller alone. */
        boolean settle() {
            return settled.compareAndSet(false, true);
        }
    }

    /**
     * Takes workers, all at once or none, and waits for them if there are not so many.
     *
     * @throws NoWorkerAvailableException if so many did not come free in time
     */
    LeaseGrant take(ProcessKind kind, int workers) throws NoWorkerAvailableException, InterruptedException {
        List<Other> taken = pool.take(kind, workers).stream().map(this::hold).toList();
        arm(leaseNanos);
        Other first = taken.getFirst();
        return new LeaseGrant(first.id(), first.pid(), taken.subList(1, workers));
    }

    private Other hold(Lease lease) {
        LeaseEntry worker = new LeaseEntry(lease, leaseNanos);
        held.put(worker.id, worker);
        return new Other(worker.id, lease.pid());
    }

    private void arm(long nanos) {
        if (armed.compareAndSet(false, true)) {
            timer.schedule(this::giveBackOverdue, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** A worker that is taken after the first line finds the timer without a task; one that was taken before is looked at. */
    private void giveBackOverdue() {
        armed.set(false);
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (LeaseEntry worker : held.values()) {
            long left = worker.deadline - now;
            if (left <= 0) {
                giveBackUnused(worker);
            } else if (!worker.settled.get()) {
                next = Math.min(next, left);
            }
        }
        if (next != Long.MAX_VALUE) {
            arm(next);
        }
    }

    private void giveBackUnused(LeaseEntry worker) {
        if (worker.settle()) {
            giveBack(worker);
        }
    }

    private void giveBack(LeaseEntry worker) {
        worker.lease.close();
        held.remove(worker.id);
    }

    /**
     * Runs the one job of a worker, and gives it back.
     *
     * @throws ResponseStatusException if the worker is not held, or has its job already
     * @throws IOException if the reader could not keep the report; the worker was killed then
     */
    Outcome run(String id, Job job, long maxReportBytes, ReportReader reader)
            throws IOException, InterruptedException {
        LeaseEntry worker = require(held.get(id));
        if (!worker.settle()) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "This worker has its job already.");
        }
        try {
            Outcome outcome = worker.lease.run(job, maxReportBytes, reader);
            LeaseState.Ended how = LeaseState.Ended.of(outcome);
            if (how != null) {
                ended.put(id, new LeaseState(id, worker.lease.pid(), null, how));
            }
            return outcome;
        } finally {
            giveBack(worker);
        }
    }

    /** Has a worker on an explained job go on. */
    void giveWord(String id) {
        require(held.get(id)).word.countDown();
    }

    /** Waits for that, as long as the worker lives: its deadline ends it, and so does a client that goes. */
    void awaitWord(String id) {
        LeaseEntry worker = require(held.get(id));
        try {
            boolean given = false;
            while (!given && worker.lease.isUsable()) {
                given = worker.word.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How it stands with a worker: one that is held, or whose job ended a short while ago without its report. */
    LeaseState state(String id) {
        // In this order: a job that ends in between is found in the second.
        LeaseEntry worker = held.get(id);
        LeaseState over = ended.get(id);
        if (over != null) {
            return over;
        }
        Lease lease = require(worker).lease;
        return new LeaseState(id, lease.pid(), lease.origin(), null);
    }

    /** Whether workers can be had. */
    boolean ready() {
        return pool.status().ready();
    }

    /** Kills a worker that is held. One that is not needs nothing. */
    void kill(String id) {
        LeaseEntry worker = held.get(id);
        if (worker != null) {
            worker.lease.kill();
            giveBackUnused(worker);
        }
    }

    private static LeaseEntry require(@Nullable LeaseEntry found) {
        if (found == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND,
                    "No such worker is held: it may have ended its job, or been given back because it was given none.");
        }
        return found;
    }

    @PreDestroy
    void close() {
        timer.shutdownNow();
    }
}
