package dev.squares.worker.parent;

import dev.squares.worker.parent.PoolPlan.Assignment;
import dev.squares.worker.parent.PoolPlan.Retirement;
import dev.squares.worker.parent.PoolPlan.WarmUp;
import dev.squares.worker.parent.Slot.EndReason;
import dev.squares.worker.parent.Slot.State;
import org.jspecify.annotations.Nullable;

/**
 * What a pool has and what is wanted of it. Each event changes it, and {@link #settle} then does what the plan says. Guarded by
 * the pool's lock. Times are in nanoseconds of the pool's clock.
 */
final class PoolState {
    private final PoolSettings limits;
    private final Effects effects;
    private final Slots slots = new Slots();
    private final RequestQueue queue = new RequestQueue();
    private final RecentLeases recent = new RecentLeases();
    private final Backoff backoff = new Backoff();
    private long refillAt;
    private boolean closed;

    /** The first workers are started at once. */
    PoolState(PoolSettings limits, Effects effects) {
        this.limits = limits;
        this.effects = effects;
    }

    /** Whether it is closed and has no process any more. */
    boolean isOver() {
        return closed && slots.processes() == 0;
    }

    WorkerPool.Status status() {
        int idle = slots.count(State.IDLE) + slots.count(State.WARMING);
        int busy = slots.count(State.LEASED);
        boolean failing = backoff.isFailing();
        // A pool without stand-by workers has none to show, and starts one when it is asked.
        boolean ready = idle + busy > 0 || limits.standby() == 0 && !failing;
        return new WorkerPool.Status(idle, busy, slots.count(State.STARTING), queue.size(), failing, ready);
    }

    void enqueue(Request request, long now) {
        if (closed) {
            request.refuse();
        } else {
            queue.add(request, now);
        }
    }

    void withdraw(Request request) {
        queue.remove(request);
    }

    void forked(Slot slot, Worker worker) {
        slot.forked(worker);
        if (closed) {
            // Perhaps not even the one who closes waits for it any more.
            effects.kill(slot);
        }
    }

    /** @param failure what went wrong; null if it has done its first job */
    void started(Slot slot, @Nullable String failure, long now) {
        if (failure == null) {
            backoff.startSucceeded();
        } else if (slot.worker() == null) {
            slot.exited();
        }
        readyOrFailed(slot, failure, EndReason.START_FAILED, now);
    }

    /** @param failure what went wrong; null if it has done its warm-up jobs */
    void warmedUp(Slot slot, @Nullable String failure, long now) {
        readyOrFailed(slot, failure, EndReason.WARM_UP_FAILED, now);
    }

    private void readyOrFailed(Slot slot, @Nullable String failure, EndReason reason, long now) {
        if (failure == null) {
            ready(slot, now);
        } else {
            end(slot, reason, now);
            pausing(backoff.startFailed(now), "could not start a worker: " + failure);
        }
    }

    private void ready(Slot slot, long now) {
        if (closed) {
            end(slot, EndReason.POOL_CLOSED, now);
        } else if (slot.hasExited()) {
            // In the moment in which it had shown that it works.
            end(slot, EndReason.DIED, now);
        } else {
            slot.ready(now);
            slots.changed(slot);
        }
    }

    void givenBack(Slot slot, boolean usable, long now) {
        slot.giveBack(usable, now);
        if (!slot.isFree()) {
            return;
        }
        recent.ending(slots.count(State.LEASED), now);
        EndReason reason = slot.reasonToEnd(limits.maxJobs());
        if (reason == null) {
            ready(slot, now);
        } else {
            end(slot, reason, now);
        }
    }

    void exited(Slot slot, String what, long now) {
        slot.exited();
        if (slot.is(State.IDLE)) {
            // Nobody asked it to.
            slot.end(EndReason.DIED, now);
            pausing(backoff.workerDied(now), "an idle worker ended: " + what);
        }
        if (slot.is(State.ENDING)) {
            slots.remove(slot);
        }
    }

    private void pausing(long nanos, String reason) {
        if (nanos > 0 && !closed) {
            effects.pausing(reason, nanos);
        }
    }

    private void end(Slot slot, EndReason reason, long now) {
        slot.end(reason, now);
        if (slot.hasExited()) {
            slots.remove(slot);
        } else {
            slots.changed(slot);
            effects.end(slot, reason);
        }
    }

    /** Refuses all who wait, and ends every worker, also in the middle of a job. */
    void close(long now) {
        closed = true;
        for (Request request : queue) {
            request.refuse();
            effects.tell(request);
        }
        queue.clear();
        for (Slot slot : slots.all()) {
            if (slot.is(State.IDLE)) {
                slot.end(EndReason.POOL_CLOSED, now);
            }
            effects.end(slot, EndReason.POOL_CLOSED);
        }
    }

    /** Ends those that have not ended when they were asked to. */
    void killAll() {
        for (Slot slot : slots.all()) {
            effects.kill(slot);
        }
    }

    /** Plans and does so. Returns when to look again. */
    long settle(long now) {
        if (closed) {
            return PoolPlan.NEVER;
        }
        PoolPlan plan = PoolPlan.of(limits, slots.all(), queue, recent, backoff, refillAt, now);
        Request own = queue.arriving();
        queue.planned();
        refillAt = plan.refillAt();
        for (Assignment assignment : plan.assignments()) {
            serve(assignment.request(), assignment.slot(), now);
            if (assignment.request() != own) {
                // The thread that plans is the one that has just come: it need not be woken.
                effects.tell(assignment.request());
            }
        }
        for (Retirement retirement : plan.retirements()) {
            end(retirement.slot(), retirement.reason(), now);
        }
        WarmUp warmUp = plan.warmUp();
        if (warmUp != null) {
            warmUp.slot().warmUp(warmUp.jobs(), now);
            slots.changed(warmUp.slot());
            effects.warmUp(warmUp.slot(), warmUp.jobs());
        }
        for (int i = 0; i < plan.starts(); i++) {
            Slot slot = new Slot(queue.lastKind(), now);
            slots.add(slot);
            effects.start(slot);
        }
        return plan.lookAt();
    }

    private void serve(Request request, Slot slot, long now) {
        slot.lease(request.kind(), request.shares(), now);
        slots.changed(slot);
        queue.remove(request);
        request.serve(slot);
    }
}
