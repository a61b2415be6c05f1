package dev.squares.worker.fork;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.fork.Slot.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan decides as the pool did when it still counted, whatever happens in whatever order. */
class PlanAsBeforeTest {
    private static final int RUNS = 300;
    private static final int EVENTS = 400;
    private static final long MILLISECOND = 1_000_000;

    private final List<String> story = new ArrayList<>();
    private PoolSettings limits;
    private PlanDriver plan;
    private CountingDispatch before;
    private Random random;

    @ParameterizedTest
    @CsvSource({"0, 1, 9, 0", "1, 1, 2, 0", "2, 1, 3, 5", "1, 3, 4, 5", "2, 4, 5, 0", "4, 4, 3, 5", "8, 2, 100, 5"})
    void planDecidesAsBefore(int standby, int maxProcesses, int maxJobs, int idleWarmUps) {
        limits = Settings.withIdleWarmUps(Settings.of(standby, maxProcesses, maxJobs), idleWarmUps);
        for (int run = 0; run < RUNS; run++) {
            random = new Random(run);
            story.clear();
            story.add("run " + run);
            plan = new PlanDriver(limits);
            before = new CountingDispatch(limits);
            compare();
            for (int event = 0; event < EVENTS; event++) {
                happen(random.nextInt(100));
                compare();
            }
        }
    }

    private void happen(int what) {
        if (what < 15) {
            take(ProcessKind.FRESH);
        } else if (what < 35) {
            take(ProcessKind.POOLED);
        } else if (what < 55) {
            Slot slot = any(plan.in(State.LEASED));
            if (slot != null) {
                giveBack(slot, !slot.hasExited() && random.nextInt(10) > 0);
            }
        } else if (what < 70) {
            Slot slot = any(plan.in(State.STARTING, State.WARMING));
            if (slot != null) {
                finish(slot, random.nextInt(4) > 0);
            }
        } else if (what < 78) {
            exit(any(plan.in(State.ENDING)));
        } else if (what < 81) {
            exit(any(plan.in(State.values())));
        } else if (what < 84) {
            List<Request> waiting = new ArrayList<>();
            plan.queue.forEach(waiting::add);
            if (!waiting.isEmpty()) {
                Request request = waiting.get(random.nextInt(waiting.size()));
                story.add("abandon " + plan.requestNames.get(request));
                plan.abandon(request);
                before.abandon(plan.requestNames.get(request));
                lookAfterEvent();
            }
        } else {
            pass(random.nextInt(50) == 0 ? 20_000 : random.nextInt(10) == 0 ? 1500 : random.nextInt(30));
        }
    }

    /** What was done in a task of its own, the plan does with any event. */
    private void lookAfterEvent() {
        before.look(plan.now());
    }

    private <T> T any(List<T> some) {
        return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
    }

    private void take(ProcessKind kind) {
        story.add("take " + kind);
        before.enqueue(plan.requestNames.get(plan.take(kind)), kind);
        lookAfterEvent();
    }

    private void giveBack(Slot slot, boolean usable) {
        String name = plan.slotNames.get(slot);
        ProcessKind kind = slot.isLeasedAs(ProcessKind.FRESH) ? ProcessKind.FRESH : ProcessKind.POOLED;
        story.add("give back " + name + " usable=" + usable);
        plan.giveBack(slot, usable);
        before.giveBack(name, kind, usable);
        lookAfterEvent();
    }

    private void finish(Slot slot, boolean well) {
        String name = plan.slotNames.get(slot);
        story.add(slot.state() + " " + name + " well=" + well);
        if (slot.is(State.STARTING)) {
            if (well) {
                plan.started(slot);
                before.started(name);
            } else {
                plan.failed(slot);
                before.startFailed();
            }
        } else if (well) {
            plan.ready(slot);
            before.warmedUp(name);
        } else {
            plan.failed(slot);
            before.warmUpFailed();
        }
        lookAfterEvent();
    }

    private void exit(Slot slot) {
        if (slot != null && !slot.hasExited()) {
            story.add("exit " + plan.slotNames.get(slot));
            plan.exit(slot);
            before.exited(plan.slotNames.get(slot));
            lookAfterEvent();
        }
    }

    private void pass(long milliseconds) {
        story.add("pass " + milliseconds);
        long end = plan.now() + milliseconds * MILLISECOND;
        while (plan.lookAt() <= end) {
            plan.lookNext();
            before.look(plan.now());
            compare();
        }
        plan.passUntil(end);
        before.pass(end);
    }

    private void compare() {
        List<String> decided = plan.decisions();
        story.add("  -> " + decided);
        assertThat(decided).as(() -> String.join("\n", story)).containsExactlyInAnyOrderElementsOf(before.decisions());
        String counts = "idle=" + plan.in(State.IDLE).size() + " busy=" + plan.in(State.LEASED).size() + " starting="
                + plan.in(State.STARTING, State.WARMING).size() + " processes=" + plan.slots.processes() + " waiting="
                + plan.queue.size() + " failing=" + plan.backoff.isFailing();
        assertThat(counts).as(() -> String.join("\n", story)).isEqualTo(before.counts());
    }
}
