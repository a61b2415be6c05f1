package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.parent.Slot.EndReason;
import dev.squares.worker.parent.Slot.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is planned for a state, as a table. No process, and an invented clock. */
class PoolPlanTest {
    private static final long NOW = 3_600_000_000_000L;
    private static final long MILLISECOND = 1_000_000;

    private final List<Slot> slots = new ArrayList<>();
    private final RequestQueue queue = new RequestQueue();
    private final RecentLeases recent = new RecentLeases();
    private final Backoff backoff = new Backoff();
    private long refillAt = PoolPlan.NEVER;

    /**
     * Slots, in the order in which they came to their states: s starting, n idle and never used, u idle and used, w on a warm-up, f
     * leased as fresh, p leased as pooled, P the same whose process has exited, 1 to 3 leased to so many who share it, of 3 that
     * may, x to one who shares it and who has had it for long, e ending. Requests, the last of which has just come: F fresh, P
     * pooled, S one who would share a pooled worker.
     */
    @ParameterizedTest(name = "standby={0} maxProcesses={1} slots={2} queue={3}: {4}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # who is served, and with what
            1 | 1 | n      | F   | lease 0, refill in 10 ms
            1 | 1 | n      | P   | lease 0
            1 | 1 | u      | P   | lease 0
            2 | 2 | nu     | P   | lease 1
            3 | 2 | uun    | P   | lease 1
            3 | 2 | nun    | F   | lease 0, refill in 10 ms
            2 | 2 | nu     | PF  | lease 1, lease 0, refill in 10 ms
            2 | 2 | nu     | FP  | lease 0, lease 1, refill in 10 ms
            2 | 1 | nu     | FP  | lease 0, refill in 10 ms
            2 | 2 | nu     | PP  | lease 1, lease 0
            # nobody overtakes another to take the last free place, and what is used is of no use to a fresh request
            2 | 1 | up     | F   | -
            2 | 2 | up     | FP  | start 1
            3 | 2 | uu     | FP  | lease 1, start 2
            # a fresh request that finds used ones alone has one make room, if they are as many as stand by
            1 | 1 | u      | F   | end 0 ROOM_FOR_FRESH, start 1
            2 | 1 | uu     | F   | end 0 ROOM_FOR_FRESH, start 1
            2 | 1 | u      | F   | start 2
            0 | 1 | -      | F   | start 1
            # as many starts as are missing, those that start or warm up already counted
            0 | 2 | -      | FP  | start 2
            0 | 2 | s      | FP  | start 1
            1 | 2 | w      | F   | start 1
            0 | 1 | s      | FFF | -
            0 | 3 | -      | FFFFF | start 3
            # and those to stand by with them, but never more processes than may be
            2 | 2 | -      | F   | start 3
            2 | 2 | ee     | F   | start 2
            1 | 1 | ee     | F   | -
            2 | 2 | eeP    | F   | start 2
            # a pooled request waits for a pooled worker to come back, for a while
            0 | 2 | p      | P   | look in 50 ms
            0 | 2 | f      | P   | start 1
            1 | 2 | p      | P   | look in 50 ms
            # what is missing to stand by is started a little later; a pooled worker comes back
            1 | 1 | f      | -   | refill in 10 ms
            1 | 1 | p      | -   | -
            1 | 1 | sf     | -   | -
            2 | 2 | n      | -   | refill in 10 ms
            # idle ones beyond those that stand by end, and both kinds stay
            1 | 3 | nu     | -   | end 1 SURPLUS
            2 | 3 | uun    | -   | end 0 SURPLUS
            2 | 3 | nnu    | -   | end 1 SURPLUS
            2 | 4 | nnnu   | -   | end 2 SURPLUS, end 1 SURPLUS
            1 | 4 | uuu    | -   | end 0 SURPLUS, end 1 SURPLUS
            0 | 4 | n      | -   | end 0 SURPLUS
            1 | 4 | nu     | P   | lease 1
            # short jobs share a worker, as many as may
            1 | 1 | 1      | S   | lease 0
            2 | 2 | u1     | S   | lease 1
            2 | 2 | u1     | P   | lease 0
            2 | 2 | u3     | S   | lease 0
            1 | 3 | 23     | SS  | lease 0, look in 50 ms
            2 | 2 | uu     | SSSS | lease 1, lease 1, lease 1, lease 0
            2 | 2 | uu     | SPS | lease 1, lease 0, lease 1
            2 | 2 | np     | S   | lease 0
            # not one that seems to be stuck, nor before somebody who came earlier and has no place
            2 | 2 | ux     | S   | lease 0
            1 | 1 | 1      | PS  | -
            1 | 1 | 1      | SPS | lease 0
            1 | 2 | 1      | FS  | lease 0, start 1
            # who wants several gets all of them at once, or none
            2 | 2 | nn     | 2F  | lease 0, lease 1, refill in 10 ms
            2 | 2 | nu     | 2P  | lease 1, lease 0
            3 | 3 | unu    | 2P  | lease 2, lease 0
            3 | 3 | unu    | 3P  | lease 2, lease 0, lease 1
            2 | 2 | nu     | 2F  | start 2
            2 | 2 | nn     | 3P  | -
            2 | 3 | nn     | 3P  | start 1
            2 | 3 | np     | 2P  | look in 50 ms
            2 | 2 | np     | 2P  | -
            0 | 4 | ns     | 3F  | start 1
            # nobody overtakes it, be it for a worker that is idle, or for the last free place
            2 | 3 | n      | 2FF | start 4
            2 | 3 | nu     | 3PP | start 1
            2 | 3 | uf     | 3PP | refill in 10 ms
            2 | 4 | nup    | F2P | lease 0, look in 50 ms
            2 | 4 | nn     | 2F2F | lease 0, lease 1, start 4
            # but who shares a worker takes neither from it, if it has its places
            2 | 4 | n1     | 3PS | lease 1, look in 50 ms
            """)
    void planFollowsFromTheState(int standby, int maxProcesses, String some, String waiting, String expected) {
        addSlots(some == null ? "" : some);
        addRequests(waiting == null ? "" : waiting);
        assertThat(describe(plan(Settings.of(standby, maxProcesses)))).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void emptyPoolStartsThoseThatStandByAtOnce() {
        refillAt = 0;
        assertThat(describe(plan(Settings.of(3, 2)))).isEqualTo("start 3");
    }

    @Test
    void refillWaitsForItsTimeAndHappensOnce() {
        addSlots("ff");
        refillAt = NOW + 1;
        assertThat(describe(plan(Settings.of(2, 2)))).isEqualTo("refill in 0 ms");
        refillAt = NOW;
        assertThat(describe(plan(Settings.of(2, 2)))).isEqualTo("start 2");
    }

    @Test
    void pooledRequestIsWorthAStartAfterItHasWaited() {
        addSlots("p");
        queue.add(new Request(ProcessKind.POOLED, false), NOW - PoolPlan.START_AFTER_WAIT);
        assertThat(describe(plan(Settings.of(0, 2)))).isEqualTo("start 1");
    }

    @Test
    void pooledRequestsAreLookedAtWhenTheFirstOfThemIsWorthAStart() {
        addSlots("p");
        queue.add(new Request(ProcessKind.POOLED, false), NOW - 30 * MILLISECOND);
        queue.add(new Request(ProcessKind.POOLED, false), NOW - 10 * MILLISECOND);
        assertThat(describe(plan(Settings.of(0, 3)))).isEqualTo("look in 20 ms");
    }

    @Test
    void nothingIsStartedInAPauseAndTheEndOfItIsLookedAt() {
        backoff.startFailed(NOW - 40 * MILLISECOND);
        addRequests("F");
        assertThat(describe(plan(Settings.of(2, 2)))).isEqualTo("look in 60 ms");
        addSlots("u");
        queue.clear();
        addRequests("P");
        assertThat(describe(plan(Settings.of(1, 2)))).isEqualTo("lease 0, look in 60 ms");
    }

    @Test
    void roomIsMadeWhenARequestComesAndNotAgain() {
        addSlots("uu");
        addRequests("F");
        queue.planned();
        assertThat(describe(plan(Settings.of(2, 1)))).isEqualTo("start 1");
    }

    @Test
    void idleWorkersWarmUpALittleAfterAShortRestAndTheMoreAfterALongOne() {
        PoolSettings limits = Settings.withIdleWarmUps(Settings.of(2, 2), 80);
        slots.add(idle(NOW - 7 * MILLISECOND));
        slots.add(idle(NOW - 5 * MILLISECOND));
        assertThat(describe(plan(limits))).isEqualTo("look in 3 ms");

        queue.add(new Request(ProcessKind.FRESH, false), NOW - 2 * MILLISECOND);
        queue.clear();
        queue.planned();
        assertThat(describe(plan(limits))).isEqualTo("look in 8 ms");
        assertThat(describe(plan(limits, NOW + 8 * MILLISECOND))).isEqualTo("warm up 0");

        warmUp(plan(limits, NOW + 8 * MILLISECOND), NOW);
        assertThat(describe(plan(limits, NOW + 3000 * MILLISECOND))).as("one at a time").isEmpty();
        slots.getFirst().ready(NOW);
        assertThat(describe(plan(limits, NOW + 3000 * MILLISECOND))).as("a little each, first").isEqualTo("warm up 1");
        warmUp(plan(limits, NOW + 3000 * MILLISECOND), NOW);
        slots.getLast().ready(NOW);

        assertThat(describe(plan(limits))).isEqualTo("look in 1000 ms");
        assertThat(describe(plan(limits, NOW + 1000 * MILLISECOND))).isEqualTo("warm up 0");
        warmUp(plan(limits, NOW + 1000 * MILLISECOND), NOW + 1000 * MILLISECOND);
        slots.getFirst().ready(NOW + 1000 * MILLISECOND);
        assertThat(slots).extracting(Slot::warmUps).containsExactly(80, 10);
        assertThat(describe(plan(limits, NOW + 1000 * MILLISECOND))).isEqualTo("warm up 1");
        warmUp(plan(limits, NOW + 1000 * MILLISECOND), NOW + 1000 * MILLISECOND);
        slots.getLast().ready(NOW + 1000 * MILLISECOND);
        assertThat(describe(plan(limits, NOW + 5000 * MILLISECOND))).as("all done").isEmpty();
    }

    private static void warmUp(PoolPlan plan, long now) {
        plan.warmUp().slot().warmUp(plan.warmUp().jobs(), now);
    }

    @Test
    void nobodyWarmsUpWhileAnotherWorks() {
        PoolSettings limits = Settings.withIdleWarmUps(Settings.of(2, 3), 5);
        slots.add(idle(0));
        addSlots("p");
        assertThat(describe(plan(limits))).isEmpty();
    }

    @Test
    void asManyAsHaveWorkedAtOnceAreKeptForAWhile() {
        addSlots("uuuu");
        recent.ending(3, NOW - 400 * MILLISECOND);
        recent.ending(2, NOW - 300 * MILLISECOND);
        assertThat(describe(plan(Settings.of(1, 4)))).isEqualTo("end 0 SURPLUS, look in 600 ms");
        assertThat(describe(plan(Settings.of(4, 4)))).isEmpty();
        assertThat(describe(plan(Settings.of(1, 4), NOW + 600 * MILLISECOND)))
                .isEqualTo("end 0 SURPLUS, end 1 SURPLUS, end 2 SURPLUS");

        recent.ending(2, NOW + 600 * MILLISECOND);
        assertThat(describe(plan(Settings.of(1, 4), NOW + 700 * MILLISECOND)))
                .isEqualTo("end 0 SURPLUS, end 1 SURPLUS, look in 1600 ms");
    }

    @Test
    void whatIsKeptForAWhileEndsWhereItsPlaceIsNeeded() {
        recent.ending(1, NOW);
        addSlots("u");
        addRequests("F");
        queue.planned();
        assertThat(describe(plan(Settings.of(0, 2)))).isEqualTo("start 1, look in 1000 ms");
        assertThat(describe(plan(Settings.of(0, 1)))).isEqualTo("end 0 SURPLUS");
    }

    @Test
    void planChangesNothing() {
        addSlots("nuupfwse");
        addRequests("FPPF");
        List<String> before = slots.stream().map(Slot::toString).toList();
        PoolPlan plan = plan(Settings.of(1, 9));
        assertThat(slots.stream().map(Slot::toString)).isEqualTo(before);
        assertThat(queue.size()).isEqualTo(4);
        assertThat(plan(Settings.of(1, 9))).isEqualTo(plan);
    }

    private PoolPlan plan(PoolSettings limits) {
        return plan(limits, NOW);
    }

    private PoolPlan plan(PoolSettings limits, long now) {
        return PoolPlan.of(limits, slots, queue, recent, backoff, refillAt, now);
    }

    /** A digit in front of a letter is for one who wants several. */
    private void addRequests(String kinds) {
        int workers = 1;
        for (char code : kinds.toCharArray()) {
            ProcessKind kind = code == 'F' ? ProcessKind.FRESH : ProcessKind.POOLED;
            if (Character.isDigit(code)) {
                workers = Character.digit(code, 10);
            } else {
                queue.add(workers > 1 ? new Request(kind, workers) : new Request(kind, code == 'S'), NOW);
                workers = 1;
            }
        }
    }

    private void addSlots(String some) {
        some.chars().mapToObj(PoolPlanTest::slot).forEach(slots::add);
    }

    private static Slot idle(long since) {
        Slot slot = new Slot(ProcessKind.POOLED, 0);
        slot.ready(since);
        return slot;
    }

    private static Slot slot(int code) {
        Slot slot = new Slot(ProcessKind.POOLED, 0);
        if (code == 's') {
            return slot;
        }
        slot.ready(0);
        switch (code) {
            case 'n' -> {
                // That is it.
            }
            case 'u' -> {
                slot.lease(ProcessKind.POOLED, false, 0);
                slot.giveBack(true, 0);
                slot.ready(0);
            }
            case 'w' -> slot.warmUp(1, 0);
            case 'f' -> slot.lease(ProcessKind.FRESH, false, 0);
            case 'p' -> slot.lease(ProcessKind.POOLED, false, 0);
            case 'P' -> {
                slot.lease(ProcessKind.POOLED, false, 0);
                slot.exited();
            }
            case '1', '2', '3' -> {
                for (int i = code; i > '0'; i--) {
                    slot.lease(ProcessKind.POOLED, true, NOW);
                }
            }
            case 'x' -> slot.lease(ProcessKind.POOLED, true, NOW - PoolPlan.STUCK_AFTER);
            case 'e' -> slot.end(EndReason.SURPLUS, 0);
            default -> throw new IllegalArgumentException("no such slot: " + (char) code);
        }
        return slot;
    }

    private String describe(PoolPlan plan) {
        List<String> parts = new ArrayList<>();
        plan.assignments().forEach(assignment -> parts.add("lease " + slots.indexOf(assignment.slot())));
        plan.retirements()
                .forEach(
                        retirement -> parts.add("end " + slots.indexOf(retirement.slot()) + " " + retirement.reason()));
        if (plan.warmUp() != null) {
            parts.add("warm up " + slots.indexOf(plan.warmUp().slot()));
        }
        if (plan.starts() > 0) {
            parts.add("start " + plan.starts());
        }
        if (plan.refillAt() != PoolPlan.NEVER) {
            parts.add("refill in " + (plan.refillAt() - NOW) / MILLISECOND + " ms");
            assertThat(plan.lookAt()).isEqualTo(plan.refillAt());
        } else if (plan.lookAt() != PoolPlan.NEVER) {
            parts.add("look in " + (plan.lookAt() - NOW) / MILLISECOND + " ms");
        }
        assertThat(plan.assignments()).allSatisfy(
                assignment -> assertThat(assignment.slot().is(State.IDLE) || assignment.request().shares()).isTrue());
        return String.join(", ", parts);
    }
}
