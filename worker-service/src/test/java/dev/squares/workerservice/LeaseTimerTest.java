package dev.squares.workerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.util.ReflectionTestUtils;

@TestPropertySource(properties = "squares.lease-timeout=5s")
class LeaseTimerTest extends WorkerServiceTest {
    private static final int MANY = 20;

    @Autowired
    Leases workers;

    @Test
    void armsOneTaskForAllLeasesAndNoneWhereThereIsNone() {
        for (int i = 0; i < MANY; i++) {
            assertThat(square(take("pooled"), mappedFile(i)).statusCode()).isEqualTo(200);
        }

        assertThat(tasks()).isLessThanOrEqualTo(1);
        await().atMost(Duration.ofMinutes(1)).until(() -> tasks() == 0);
    }

    @Test
    void givesBackAWorkerThatIsTakenWhileTheTaskOfAnotherIsArmed() {
        take("pooled");
        take("pooled");

        await().atMost(Duration.ofMinutes(1)).until(() -> pool.status().busy() == 0);
    }

    private int tasks() {
        return ((ScheduledThreadPoolExecutor) ReflectionTestUtils.getField(workers, "timer")).getQueue().size();
    }
}
