package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The pauses after failed starts, with an invented clock. */
class BackoffTest {
    private final Backoff backoff = new Backoff();
    private long now;

    /** A start that fails, in milliseconds. */
    private long fail() {
        return TimeUnit.NANOSECONDS.toMillis(backoff.startFailed(now));
    }

    private void sleepUntilItsEnd() {
        assertThat(backoff.isPausing(backoff.until() - 1)).isTrue();
        now = backoff.until();
        assertThat(backoff.isPausing(now)).isFalse();
    }

    @Test
    void pauseDoublesWithEveryFailureUpToTenSeconds() {
        for (long expected : new long[]{100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000, 10_000, 10_000}) {
            assertThat(fail()).isEqualTo(expected);
            sleepUntilItsEnd();
        }
    }

    @Test
    void thoseThatFailInAPauseCountAsOne() {
        assertThat(fail()).isEqualTo(100);
        assertThat(fail()).isZero();
        assertThat(fail()).isZero();
        sleepUntilItsEnd();
        assertThat(fail()).isEqualTo(200);
    }

    @Test
    void startThatSucceedsBeginsAnew() {
        fail();
        sleepUntilItsEnd();
        fail();
        assertThat(backoff.isFailing()).isTrue();
        backoff.startSucceeded();
        assertThat(backoff.isFailing()).isFalse();
        sleepUntilItsEnd();
        assertThat(fail()).isEqualTo(100);
    }

    @Test
    void workerThatDiesPausesAndIsNoFailure() {
        assertThat(TimeUnit.NANOSECONDS.toMillis(backoff.workerDied(now))).isEqualTo(100);
        assertThat(backoff.workerDied(now)).isZero();
        assertThat(backoff.isFailing()).isFalse();
        assertThat(fail()).as("no pause of its own").isZero();
        assertThat(backoff.isFailing()).isTrue();
    }
}
