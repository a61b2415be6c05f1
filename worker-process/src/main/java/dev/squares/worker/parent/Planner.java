package dev.squares.worker.parent;

import dev.squares.worker.parent.PoolPlan.Assignment;
import dev.squares.worker.parent.PoolPlan.Retirement;
import dev.squares.worker.parent.PoolPlan.WarmUp;
import dev.squares.worker.parent.Slot.EndReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one {@link PoolPlan}. Runs with each request that comes and each worker that is given back, so it is frugal: plain loops
 * over few slots, and no list where there is nothing to put into it.
 */
final class Planner {
    private final PoolSettings limits;
    private final List<Slot> slots;
    private final RequestQueue queue;
    private final RecentLeases recent;
    private final Backoff backoff;
    private final long now;

    private final IdleSlots unused;
    private final IdleSlots used;
    private int processes;
    private int starting;
    private int leased;
    private int leasedPooled;
    private @Nullable Slot shared;
    private int nextShared;
    /** Of the worker that is shared, when what is planned has been done. */
    private int room;
    private List<Assignment> assignments = List.of();
    private List<Retirement> retirements = List.of();
    private int starts;
    private boolean crowded;
    private long refillAt;
    private long lookAt = PoolPlan.NEVER;

    Planner(
            PoolSettings limits, List<Slot> slots, RequestQueue queue, RecentLeases recent, Backoff backoff,
            long refillAt, long now) {
        this.limits = limits;
        this.slots = slots;
        this.queue = queue;
        this.recent = recent;
        this.backoff = backoff;
        this.refillAt = refillAt;
        this.now = now;
        this.unused = new IdleSlots(slots, false);
        this.used = new IdleSlots(slots, true);
    }

    PoolPlan plan() {
        count();
        makeRoomForFresh();
        serve();
        retireSurplus();
        WarmUp warmUp = warmUp();
        lookAt(refillAt);
        if (backoff.isPausing(now)) {
            lookAt(backoff.until());
        }
        return new PoolPlan(assignments, retirements, warmUp, starts, refillAt, lookAt);
    }

    private void count() {
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            if (!slot.hasExited()) {
                processes++;
            }
            switch (slot.state()) {
                case STARTING, WARMING -> starting++;
                case IDLE -> (slot.isUsed() ? used : unused).countOne();
                case LEASED -> {
                    leased++;
                    if (slot.isLeasedAs(ProcessKind.POOLED)) {
                        leasedPooled++;
                    }
                }
                case ENDING -> {
                    // A process still, and nothing else.
                }
            }
        }
    }

    private int idle() {
        return unused.count() + used.count();
    }

    /** Where every idle worker has worked already one ends, so that the next fresh request finds one that has not. */
    private void makeRoomForFresh() {
        Request arriving = queue.arriving();
        if (arriving != null && arriving.kind() == ProcessKind.FRESH && unused.isEmpty() && !used.isEmpty()
                && used.count() >= limits.standby()) {
            retire(used.takeFirst(), EndReason.ROOM_FOR_FRESH);
        }
    }

    /** Idle workers to those who wait, in order, and as many starts as are missing. */
    private void serve() {
        int places = limits.maxProcesses() - leased;
        int freshMissing = 0;
        int pooledMissing = 0;
        int pooledKept = 0;
        if (!queue.isEmpty()) {
            for (Request request : queue) {
                Slot shared = request.shares() ? shared() : null;
                if (shared != null) {
                    // It takes no place from those in front of it, each of whom has one.
                    addAssignment(request, shared);
                    continue;
                }
                places -= request.workers();
                if (places < 0) {
                    break;
                }
                int missing = request.workers() - idleFor(request);
                if (missing <= 0) {
                    assign(request);
                    continue;
                }
                // It keeps its places, and those that are idle for it: those behind it cannot take them.
                take(request.kind(), request.workers() - missing);
                if (request.kind() == ProcessKind.FRESH) {
                    freshMissing += missing;
                    continue;
                }
                pooledKept += request.workers() - missing;
                if (leasedPooled == 0 || now >= request.since() + PoolPlan.START_AFTER_WAIT) {
                    pooledMissing += missing;
                } else {
                    lookAt(request.since() + PoolPlan.START_AFTER_WAIT);
                }
            }
        }
        start(freshMissing + pooledMissing, pooledMissing + pooledKept);
    }

    /** How many there are that it could have, as many as it wants at most. */
    private int idleFor(Request request) {
        int idle = request.kind() == ProcessKind.POOLED ? idle() : unused.count();
        return Math.min(idle, request.workers());
    }

    /** Takes one that is idle. There must be one. */
    private Slot take(ProcessKind kind) {
        return kind == ProcessKind.POOLED && !used.isEmpty() ? used.takeLast() : unused.takeFirst();
    }

    private void take(ProcessKind kind, int some) {
        for (int i = 0; i < some; i++) {
            take(kind);
        }
    }

    /** A worker that others have already who share it; null if there is none with room. */
    private @Nullable Slot shared() {
        while (room == 0 && nextShared < slots.size()) {
            shared = slots.get(nextShared++);
            room = shared.room(limits, now);
        }
        if (room == 0) {
            return null;
        }
        room--;
        return shared;
    }

    private void assign(Request request) {
        for (int i = 0; i < request.workers(); i++) {
            Slot slot = take(request.kind());
            addAssignment(request, slot);
            leased++;
            if (request.kind() == ProcessKind.POOLED) {
                leasedPooled++;
            }
            if (request.shares()) {
                shared = slot;
                room = slot.roomForMore(limits) - 1;
            }
        }
    }

    private void addAssignment(Request request, Slot slot) {
        if (assignments.isEmpty()) {
            assignments = new ArrayList<>(2);
        }
        assignments.add(new Assignment(request, slot));
    }

    private void start(int missing, int pooledSoon) {
        // A pooled worker comes back from its job: none needs to be started in its place.
        int standbyMissing = limits.standby() - idle() - leasedPooled - pooledSoon;
        boolean refill = now >= refillAt;
        if (refill) {
            refillAt = PoolPlan.NEVER;
        }
        int wanted = missing;
        if (refill || missing > 0) {
            wanted += Math.max(standbyMissing, 0);
        } else if (starting < standbyMissing && refillAt == PoolPlan.NEVER) {
            // A start takes all of a core: the request that makes it necessary has time to be answered before.
            refillAt = now + PoolPlan.REFILL_DELAY;
        }
        if (!backoff.isPausing(now)) {
            int room = limits.maxProcesses() + limits.standby() - processes;
            int missingNow = Math.max(0, wanted - starting);
            starts = Math.min(missingNow, Math.max(0, room));
            crowded = starts < missingNow;
        }
    }

    /**
     * What is idle beyond those that stand by ends, and in such a way that both kinds stay at hand: at once where its place is
     * needed, or else when it has not been for a while.
     */
    private void retireSurplus() {
        int kept = crowded ? limits.standby() : Math.max(limits.standby(), recent.most(now));
        while (idle() > kept) {
            retire(unused.count() > used.count() ? unused.takeLast() : used.takeFirst(), EndReason.SURPLUS);
        }
        if (idle() > limits.standby()) {
            lookAt(recent.until());
        }
    }

    private void retire(Slot slot, EndReason reason) {
        if (retirements.isEmpty()) {
            retirements = new ArrayList<>(2);
        }
        retirements.add(new Retirement(slot, reason));
    }

    /** One job shows that a worker works. It has code compiled by many, for which there is time when nobody needs it. */
    private @Nullable WarmUp warmUp() {
        if (leased + starting + starts > 0) {
            return null;
        }
        Slot slot = unused.leastWarmedUp();
        if (slot == null || slot.warmUps() >= limits.idleWarmUps()) {
            return null;
        }
        boolean isFirst = slot.warmUps() == 0;
        long due = Math.max(queue.lastArrival(), slot.since())
                + (isFirst ? PoolPlan.REST_BEFORE_WARM_UP : PoolPlan.REST_BEFORE_MORE);
        if (now < due) {
            lookAt(due);
            return null;
        }
        int left = limits.idleWarmUps() - slot.warmUps();
        return new WarmUp(slot, isFirst ? Math.min(PoolPlan.FIRST_WARM_UPS, left) : left);
    }

    private void lookAt(long time) {
        lookAt = Math.min(lookAt, time);
    }
}
