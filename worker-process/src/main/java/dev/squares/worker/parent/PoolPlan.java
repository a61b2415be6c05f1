package dev.squares.worker.parent;

import dev.squares.worker.parent.Slot.EndReason;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool does next. Made from what it has and what is wanted of it, and from nothing else. Times are in nanoseconds of the
 * pool's clock.
 *
 * @param assignments who is served with what, in the order of the queue
 * @param retirements which idle workers end
 * @param warmUp which idle worker does some of its warm-up jobs; null if none does
 * @param starts how many are started
 * @param refillAt when what is missing to stand by is started; {@link #NEVER} if nothing is, or if that has just been done
 * @param lookAt when to plan again, if nothing happens before
 */
record PoolPlan(
    List<Assignment> assignments,
    List<Retirement> retirements,
    @Nullable WarmUp warmUp,
    int starts,
    long refillAt,
    long lookAt
) {
    static final long NEVER = Long.MAX_VALUE;

    /** About a start's time: who waits for less is served sooner by a pooled worker that comes back from a short job. */
    static final long START_AFTER_WAIT = Duration.ofMillis(50).toNanos();

    /** Longer than a short job takes, and much shorter than a start. */
    static final long REFILL_DELAY = Duration.ofMillis(10).toNanos();

    /** Who asks without a rest has asked again by then. */
    static final long REST_BEFORE_WARM_UP = Duration.ofMillis(10).toNanos();

    /** The interpreter, which takes ten times as long, is left behind by then, at a tenth of the price of all that can be compiled. */
    static final int FIRST_WARM_UPS = 10;

    /** After so long without a request, another is not expected at once. */
    static final long REST_BEFORE_MORE = Duration.ofSeconds(1).toNanos();

    /** For so long as many may stay idle as have worked at once: a start costs more than an idle worker does in that time. */
    static final long KEPT_AFTER_USE = Duration.ofSeconds(1).toNanos();

    /** Who asks for so many pooled jobs asks for more, and the second compiler pays for a start. A person who tries things does not. */
    static final int OUTGROWN_AFTER = 100;

    /** Jobs that share a worker are short: where none has come or gone for so long, others had better go elsewhere. */
    static final long STUCK_AFTER = Duration.ofMillis(20).toNanos();

    record Assignment(Request request, Slot slot) {}

    record Retirement(Slot slot, EndReason reason) {}

    record WarmUp(Slot slot, int jobs) {}

    /**
     * Plans. Changes nothing.
     *
     * @param slots in the order in which they came to their states
     * @param refillAt as the last plan had it
     */
    static PoolPlan of(
            PoolSettings limits, List<Slot> slots, RequestQueue queue, RecentLeases recent, Backoff backoff,
            long refillAt, long now) {
        return new Planner(limits, slots, queue, recent, backoff, refillAt, now).plan();
    }
}
