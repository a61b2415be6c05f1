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

    private State state = State.STARTING;
    private long since;
    private int jobs;
    private boolean warmedUp;
    private boolean exited;
    private @Nullable ProcessKind leasedAs;
    private @Nullable EndReason endReason;
    private @Nullable Worker worker;

    Slot(long now) {
        since = now;
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

    /** Whether it has done all its warm-up jobs, or shall not do them any more. */
    boolean isWarmedUp() {
        return warmedUp;
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

    void warmUp(long now) {
        become(State.WARMING, now);
        warmedUp = true;
    }

    void lease(ProcessKind kind, long now) {
        assert kind == ProcessKind.POOLED || !isUsed() : "used";
        become(State.LEASED, now);
        leasedAs = kind;
        // The code that its warm-up would have compiled is compiled by its jobs.
        warmedUp = true;
    }

    /** Counts a job that a lease was for, and says why it has to end with it; null if it has not. */
    @Nullable
    EndReason countJob(int maxJobs, boolean usable) {
        assert state == State.LEASED : state;
        jobs++;
        if (!usable || exited) {
            return EndReason.UNUSABLE;
        }
        return leasedAs == ProcessKind.FRESH || jobs >= maxJobs ? EndReason.JOBS_DONE : null;
    }

    void ready(long now) {
        become(State.IDLE, now);
        leasedAs = null;
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
