package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.parent.Outcome.Reported;
import dev.squares.worker.parent.WorkerPool.Lease;
import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.NoChildLeft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several workers for one request: all at once, or none. */
@ExtendWith(NoChildLeft.class)
class SeveralWorkersTest {
    @ParameterizedTest
    @EnumSource
    void asManyProcessesAsAskedFor(ProcessKind kind) throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(1, 3))) {
            Set<Long> pids = serve(pool, kind, 3);
            assertThat(pids).hasSize(3);
            Set<Long> next = serve(pool, kind, 3);
            if (kind == ProcessKind.FRESH) {
                assertThat(next).doesNotContainAnyElementsOf(pids);
            } else {
                assertThat(next).as("one of them stayed").containsAnyElementsOf(pids);
            }
            Pools.awaitIdle(pool, 1);
        }
    }

    /** Each holds some of what another wants, and none holds some while it waits for the rest. */
    @ParameterizedTest
    @EnumSource
    void thoseWhoWantSeveralNeverWaitForEachOther(ProcessKind kind) throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(2, 3))) {
            List<CompletableFuture<Integer>> clients = new ArrayList<>();
            for (int client = 0; client < 6; client++) {
                int wanted = 1 + client % 3;
                clients.add(Background.run(() -> {
                    int served = 0;
                    for (int request = 0; request < 5; request++) {
                        served += serve(pool, kind, wanted).size();
                    }
                    return served;
                }));
            }
            assertThat(clients.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(5 * (1 + 2 + 3) * 2);
            Pools.awaitIdle(pool, 2);
        }
    }

    @Test
    void whoGivesUpKeepsNothingFromOthers() throws Exception {
        PoolSettings settings = Settings.withQueueTimeout(Settings.of(2, 2), Duration.ofMillis(200));
        try (WorkerPool pool = Pools.quick(settings); Lease _ = pool.take(ProcessKind.POOLED)) {
            assertThatExceptionOfType(NoWorkerAvailableException.class)
                    .isThrownBy(() -> pool.take(ProcessKind.POOLED, 2))
                    .withMessage("2 workers did not come free within 200 ms");
            assertThat(serve(pool, ProcessKind.POOLED, 1)).hasSize(1);
        }
    }

    @Test
    void whoIsInterruptedKeepsNothingFromOthers() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(2, 2)); Lease _ = pool.take(ProcessKind.POOLED)) {
            Thread waiting = Thread.ofVirtual()
                    .start(() -> assertThatExceptionOfType(InterruptedException.class)
                            .isThrownBy(() -> pool.take(ProcessKind.POOLED, 2)));
            await().untilAsserted(() -> assertThat(pool.status().waiting()).isEqualTo(1));
            waiting.interrupt();
            waiting.join();
            assertThat(serve(pool, ProcessKind.POOLED, 1)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 3})
    void moreThanThereCanBeIsAMistake(int workers) {
        try (WorkerPool pool = Pools.quick(Settings.of(0, 2))) {
            assertThatIllegalArgumentException().isThrownBy(() -> pool.take(ProcessKind.FRESH, workers));
        }
    }

    private static Set<Long> serve(WorkerPool pool, ProcessKind kind, int workers) throws Exception {
        List<Lease> leases = pool.take(kind, workers);
        Set<Long> pids = new HashSet<>();
        try {
            for (Lease lease : leases) {
                assertThat(Pools.run(lease)).isEqualTo(new Reported());
                pids.add(lease.pid());
            }
        } finally {
            leases.forEach(Lease::close);
        }
        return pids;
    }
}
