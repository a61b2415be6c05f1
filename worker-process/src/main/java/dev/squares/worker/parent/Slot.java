package dev.squares.worker.parent;

import org.jspecify.annotations.Nullable;

/**
 * The place of one process in a {@link WorkerPool}, from the decision to start it until it has been reaped. Guarded by the pool's
 * lock. Times are in nanoseconds of the pool's clock.
 */
final class Slot {
    /** What a process is doing. Each state is left for one that {@link #leadsTo}. */
    enum State {
        /** Being forked, or on its first job, which shows that it works. */
        STARTING,
        /** Ready to be leased. */
        IDLE,
        /** On more warm-up jobs, while nobody needs it. */
        WARMING,
        /** A request has it. */
        LEASED,
        /** Asked to end, or dead: it only has to be reaped. */
        ENDING;

        boolean leadsTo(State next) {
            return switch (this) {
                case STARTING, WARMING, LEASED -> next == IDLE || next == ENDING;
                case IDLE -> next == WARMING || next == LEASED || next == ENDING;
                case ENDING -> false;
            };
        }
    }

    /** Why a process ends. */
    enum EndReason {
        START_FAILED,
        WARM_UP_FAILED,
        /** It was fresh and has done its job, or pooled and has done as many as it may. */
        JOBS_DONE,
        /** It was started for one job, with one compiler, and has done so many that one with both does more. */
        OUTGROWN,
        /** It crashed in its job, or was killed. */
        UNUSABLE,
        /** It ended by itself, without a job. */
        DIED,
        /** It has worked before, as all others that were idle, and a request wants one that has not. */
        ROOM_FOR_FRESH,
        /** More were idle than are to stand by. */
        SURPLUS,
        POOL_CLOSED
    }

    private final ProcessKind startedFor;
    private State state = State.STARTING;
    private long since;
    /** When a lease of it began or ended. */
    private long lastLease;
    private int leases;
    private boolean shared;
    private boolean broken;
    private int jobs;
    private int warmUps;
    private boolean exited;
    private @Nullable ProcessKind leasedAs;
    private @Nullable EndReason endReason;
    private @Nullable Worker worker;

    /** @param startedFor what it will probably be leased as */
    Slot(ProcessKind startedFor, long now) {
        this.startedFor = startedFor;
        this.since = now;
    }

    ProcessKind startedFor() {
        return startedFor;
    }

    State state() {
        return state;
    }

    boolean is(State wanted) {
        return state == wanted;
    }

    boolean isLeasedAs(ProcessKind kind) {
        return leasedAs == kind;
    }

    /** When it came to its state. */
    long since() {
        return since;
    }

    /** Whether it has been leased before, warm-up jobs aside. */
    boolean isUsed() {
        return jobs > 0;
    }

    /** How many warm-up jobs it has been given besides its first; endless if it is to do none any more. */
    int warmUps() {
        return warmUps;
    }

    /** Whether its process has ended and has been reaped, or could not be forked. */
    boolean hasExited() {
        return exited;
    }

    @Nullable
    EndReason endReason() {
        return endReason;
    }

    /** Its process; null before it has been forked. */
    @Nullable
    Worker worker() {
        return worker;
    }

    void forked(Worker process) {
        worker = process;
    }

    void exited() {
        exited = true;
    }

    void warmUp(int jobs, long now) {
        become(State.WARMING, now);
        warmUps += jobs;
    }

    /** @param share whether others may have it at the same time, see {@link #room} */
    void lease(ProcessKind kind, boolean share, long now) {
        assert kind == ProcessKind.POOLED || !isUsed() : "used";
        if (leases == 0) {
            become(State.LEASED, now);
        } else {
            assert shared && share : "not shared";
        }
        leases++;
        shared = share;
        lastLease = now;
        leasedAs = kind;
        // The code that its warm-up would have compiled is compiled by its jobs.
        warmUps = Integer.MAX_VALUE;
    }

    /** How many more can share it now, if it is leased to those who do. */
    int room(PoolSettings limits, long now) {
        boolean open = shared && state == State.LEASED && !broken && !exited && now - lastLease < PoolPlan.STUCK_AFTER;
        return open ? roomForMore(limits) : 0;
    }

    /** How many more could share it. */
    int roomForMore(PoolSettings limits) {
        return Math.max(0, Math.min(limits.jobsAtOnce(), limits.maxJobs() - jobs) - leases);
    }

    /** Ends a lease, and counts the job that it was for. */
    void giveBack(boolean usable, long now) {
        assert state == State.LEASED : state;
        jobs++;
        leases--;
        lastLease = now;
        broken |= !usable;
    }

    /** Whether it is leased to nobody any more. */
    boolean isFree() {
        return leases == 0;
    }

    /** Why it has to end when it is free; null if it has not. */
    @Nullable
    EndReason reasonToEnd(int maxJobs) {
        if (broken || exited) {
            return EndReason.UNUSABLE;
        }
        if (leasedAs == ProcessKind.FRESH || jobs >= maxJobs) {
            return EndReason.JOBS_DONE;
        }
        return startedFor == ProcessKind.FRESH && jobs >= PoolPlan.OUTGROWN_AFTER ? EndReason.OUTGROWN : null;
    }

    void ready(long now) {
        become(State.IDLE, now);
        leasedAs = null;
        shared = false;
    }

    void end(EndReason reason, long now) {
        become(State.ENDING, now);
        leasedAs = null;
        endReason = reason;
    }

    private void become(State next, long now) {
        assert state.leadsTo(next) : state + " does not lead to " + next;
        state = next;
        since = now;
    }

    @Override
    public String toString() {
        return state + (isUsed() ? " used" : "") + (endReason == null ? "" : " " + endReason);
    }
}
