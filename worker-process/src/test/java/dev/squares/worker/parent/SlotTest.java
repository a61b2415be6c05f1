package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.squares.worker.parent.Slot.EndReason;
import dev.squares.worker.parent.Slot.State;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The states of a slot, and what it remembers. */
class SlotTest {
    @ParameterizedTest
    @CsvSource({"STARTING, IDLE ENDING", "IDLE, WARMING LEASED ENDING", "WARMING, IDLE ENDING", "LEASED, IDLE ENDING",
            "ENDING, ''"})
    void stateLeadsToThese(State state, String next) {
        assertThat(Arrays.stream(State.values()).filter(state::leadsTo))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(next.split(" ")).filter(name -> !name.isEmpty()).map(State::valueOf).toList());
    }

    @Test
    void transitionThatThereIsNotIsRefused() {
        Slot slot = new Slot(ProcessKind.POOLED, 1);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> slot.lease(ProcessKind.POOLED, false, 2))
                .withMessage("STARTING does not lead to LEASED");
        slot.end(EndReason.START_FAILED, 3);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> slot.ready(4))
                .withMessage("ENDING does not lead to IDLE");
        assertThat(slot.endReason()).isEqualTo(EndReason.START_FAILED);
        assertThat(slot.since()).isEqualTo(3);
    }

    @Test
    void freshLeaseEndsWithItsJob() {
        Slot slot = leased(ProcessKind.FRESH);
        assertThat(slot.isLeasedAs(ProcessKind.FRESH)).isTrue();
        assertThat(afterJob(slot, 9, true)).isEqualTo(EndReason.JOBS_DONE);
    }

    @Test
    void pooledLeaseEndsWithTheLastJobThatItMayDo() {
        Slot slot = leased(ProcessKind.POOLED);
        assertThat(afterJob(slot, 2, true)).isNull();
        slot.ready(3);
        assertThat(slot.isUsed()).isTrue();
        assertThat(slot.isLeasedAs(ProcessKind.POOLED)).isFalse();
        slot.lease(ProcessKind.POOLED, false, 4);
        assertThat(afterJob(slot, 2, true)).isEqualTo(EndReason.JOBS_DONE);
    }

    @Test
    void leaseEndsWithAProcessThatIsOfNoMoreUse() {
        assertThat(afterJob(leased(ProcessKind.POOLED), 9, false)).isEqualTo(EndReason.UNUSABLE);
        Slot slot = leased(ProcessKind.POOLED);
        slot.exited();
        assertThat(afterJob(slot, 9, true)).isEqualTo(EndReason.UNUSABLE);
    }

    @Test
    void usedOneIsNotLeasedAsFresh() {
        Slot slot = leased(ProcessKind.POOLED);
        afterJob(slot, 9, true);
        slot.ready(3);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> slot.lease(ProcessKind.FRESH, false, 4))
                .withMessage("used");
    }

    @Test
    void oneThatWasStartedForOneJobIsOutgrownByManyPooledOnes() {
        assertThat(afterJobs(ProcessKind.FRESH, PoolPlan.OUTGROWN_AFTER - 1)).isNull();
        assertThat(afterJobs(ProcessKind.FRESH, PoolPlan.OUTGROWN_AFTER)).isEqualTo(EndReason.OUTGROWN);
        assertThat(afterJobs(ProcessKind.POOLED, PoolPlan.OUTGROWN_AFTER)).isNull();
    }

    private static EndReason afterJobs(ProcessKind startedFor, int jobs) {
        Slot slot = new Slot(startedFor, 0);
        for (int job = 0; job < jobs; job++) {
            slot.ready(0);
            slot.lease(ProcessKind.POOLED, false, 0);
            slot.giveBack(true, 0);
        }
        return slot.reasonToEnd(Integer.MAX_VALUE);
    }

    private static EndReason afterJob(Slot slot, int maxJobs, boolean usable) {
        slot.giveBack(usable, 3);
        return slot.reasonToEnd(maxJobs);
    }

    private static Slot leased(ProcessKind kind) {
        Slot slot = new Slot(ProcessKind.POOLED, 0);
        slot.ready(1);
        slot.lease(kind, false, 2);
        return slot;
    }
}
