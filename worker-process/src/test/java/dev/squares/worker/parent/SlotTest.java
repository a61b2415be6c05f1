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
        Slot slot = new Slot(1);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> slot.lease(ProcessKind.POOLED, 2))
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
        assertThat(slot.countJob(9, true)).isEqualTo(EndReason.JOBS_DONE);
    }

    @Test
    void pooledLeaseEndsWithTheLastJobThatItMayDo() {
        Slot slot = leased(ProcessKind.POOLED);
        assertThat(slot.countJob(2, true)).isNull();
        slot.ready(3);
        assertThat(slot.isUsed()).isTrue();
        assertThat(slot.isLeasedAs(ProcessKind.POOLED)).isFalse();
        slot.lease(ProcessKind.POOLED, 4);
        assertThat(slot.countJob(2, true)).isEqualTo(EndReason.JOBS_DONE);
    }

    @Test
    void leaseEndsWithAProcessThatIsOfNoMoreUse() {
        assertThat(leased(ProcessKind.POOLED).countJob(9, false)).isEqualTo(EndReason.UNUSABLE);
        Slot slot = leased(ProcessKind.POOLED);
        slot.exited();
        assertThat(slot.countJob(9, true)).isEqualTo(EndReason.UNUSABLE);
    }

    @Test
    void usedOneIsNotLeasedAsFresh() {
        Slot slot = leased(ProcessKind.POOLED);
        slot.countJob(9, true);
        slot.ready(3);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> slot.lease(ProcessKind.FRESH, 4))
                .withMessage("used");
    }

    private static Slot leased(ProcessKind kind) {
        Slot slot = new Slot(0);
        slot.ready(1);
        slot.lease(kind, 2);
        return slot;
    }
}
