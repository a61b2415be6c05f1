package dev.squares.worker.fork;

import dev.squares.worker.fork.PoolPlan.Assignment;
import dev.squares.worker.fork.PoolPlan.Retirement;
import dev.squares.worker.fork.Slot.EndReason;
import dev.squares.worker.fork.Slot.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pool without processes and with an invented clock: does what is planned, and writes it down. */
final class PlanDriver {
    final Slots slots = new Slots();
    final RequestQueue queue = new RequestQueue();
    final Backoff backoff = new Backoff();
    final Map<Slot, String> slotNames = new LinkedHashMap<>();
    final Map<Request, String> requestNames = new LinkedHashMap<>();
    private final PoolSettings limits;
    private long refillAt;
    private long lookAt;
    private long now;
    private List<String> decisions = new ArrayList<>();

    PlanDriver(PoolSettings limits) {
        this.limits = limits;
        plan();
    }

    long now() {
        return now;
    }

    long lookAt() {
        return lookAt;
    }

    /** Those in a state, in the order in which they came to it. */
    List<Slot> in(State... states) {
        return slots.all().stream().filter(slot -> List.of(states).contains(slot.state())).toList();
    }

    Slot slot(String name) {
        return slotNames.entrySet()
                .stream()
                .filter(entry -> entry.getValue().equals(name))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** What has been decided since this was last asked. */
    List<String> decisions() {
        List<String> decided = decisions;
        decisions = new ArrayList<>();
        return decided;
    }

    /** Lets time pass, and plans whenever a plan said so. */
    void pass(Duration time) {
        passUntil(now + time.toNanos());
    }

    void passUntil(long end) {
        while (lookAt <= end) {
            lookNext();
        }
        now = end;
    }

    void lookNext() {
        assert lookAt > now : "looks again and again";
        now = lookAt;
        plan();
    }

    Request take(ProcessKind kind) {
        Request request = new Request(kind);
        requestNames.put(request, "r" + requestNames.size());
        queue.add(request, now);
        plan();
        return request;
    }

    void abandon(Request request) {
        queue.remove(request);
        plan();
    }

    void started(Slot slot) {
        backoff.startSucceeded();
        ready(slot);
    }

    void ready(Slot slot) {
        if (slot.hasExited()) {
            slot.end(EndReason.DIED, now);
            slots.remove(slot);
        } else {
            slot.ready(now);
            slots.changed(slot);
        }
        plan();
    }

    void failed(Slot slot) {
        slot.end(EndReason.START_FAILED, now);
        backoff.startFailed(now);
        if (slot.hasExited()) {
            slots.remove(slot);
        }
        plan();
    }

    void giveBack(Slot slot, boolean usable) {
        EndReason reason = slot.countJob(limits.maxJobs(), usable);
        if (reason == null) {
            slot.ready(now);
            slots.changed(slot);
        } else {
            end(slot, reason);
        }
        plan();
    }

    void exit(Slot slot) {
        slot.exited();
        if (slot.is(State.IDLE)) {
            slot.end(EndReason.DIED, now);
            backoff.workerDied(now);
        }
        if (slot.is(State.ENDING)) {
            slots.remove(slot);
        }
        plan();
    }

    private void end(Slot slot, EndReason reason) {
        slot.end(reason, now);
        slots.changed(slot);
        if (slot.hasExited()) {
            slots.remove(slot);
        }
        decisions.add("end " + slotNames.get(slot));
    }

    private void plan() {
        PoolPlan plan = PoolPlan.of(limits, slots.all(), queue, backoff, refillAt, now);
        queue.planned();
        refillAt = plan.refillAt();
        lookAt = plan.lookAt();
        for (Assignment assignment : plan.assignments()) {
            assignment.slot().lease(assignment.request().kind(), now);
            slots.changed(assignment.slot());
            queue.remove(assignment.request());
            decisions.add("lease " + slotNames.get(assignment.slot()) + " to "
                    + requestNames.get(assignment.request()));
        }
        for (Retirement retirement : plan.retirements()) {
            end(retirement.slot(), retirement.reason());
        }
        Slot warmUp = plan.warmUp();
        if (warmUp != null) {
            warmUp.warmUp(now);
            slots.changed(warmUp);
            decisions.add("warm up " + slotNames.get(warmUp));
        }
        for (int i = 0; i < plan.starts(); i++) {
            Slot slot = new Slot(now);
            slotNames.put(slot, "s" + slotNames.size());
            slots.add(slot);
            decisions.add("start " + slotNames.get(slot));
        }
    }
}
