package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.squares.worker.parent.Outcome.Crashed;
import dev.squares.worker.parent.Outcome.Reported;
import dev.squares.worker.parent.Outcome.TimedOut;
import dev.squares.worker.parent.WorkerPool.Lease;
import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.NoChildLeft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets which process, when, and how many there are. */
@ExtendWith(NoChildLeft.class)
class WorkerPoolTest {
    @RegisterExtension
    private final PoolLog log = new PoolLog();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void asManyAsAskedForStandReady(int standby) {
        try (WorkerPool pool = Pools.quick(Settings.of(standby, 2))) {
            Pools.awaitIdle(pool, standby);
        }
    }

    @Test
    void idleWorkersWarmUpFurtherWhenNobodyNeedsThemAndStayUnused(@TempDir Path directory) throws Exception {
        Path jobs = Files.createFile(directory.resolve("jobs"));
        WorkerCommand command = Commands.shell("""
                while read -r job; do echo $$ >> '%s'; echo "{\\"pid\\":$$}"; done
                """.formatted(jobs));
        try (WorkerPool pool = Pools.of(command, Settings.withIdleWarmUps(Settings.of(2, 1, 2), 5))) {
            await().untilAsserted(() -> assertThat(Files.readAllLines(jobs)).hasSize(2 * (1 + 5)));
            Pools.awaitIdle(pool, 2);
            Set<Long> idle = Pools.pids();
            assertThat(Files.readAllLines(jobs).stream().map(Long::valueOf)).hasSameElementsAs(idle);

            // They still have all their jobs before them.
            assertThat(Pools.serve(pool, ProcessKind.POOLED)).isEqualTo(Pools.serve(pool, ProcessKind.POOLED));
            assertThat(idle).contains(Pools.serve(pool, ProcessKind.FRESH));
        }
    }

    @Test
    void freshIsANewProcessEveryTimeAndEndsAfterItsJob() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(2, 2))) {
            Set<Long> pids = new HashSet<>();
            for (int request = 0; request < 10; request++) {
                assertThat(pids.add(Pools.serve(pool, ProcessKind.FRESH))).isTrue();
            }
            await().untilAsserted(() -> assertThat(Pools.pids()).doesNotContainAnyElementsOf(pids));
            Pools.awaitIdle(pool, 2);
        }
    }

    @Test
    void processThatHasEndedLeavesNoPipeOpen() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors));
        try (WorkerPool pool = Pools.quick(Settings.of(1, 1))) {
            Pools.serve(pool, ProcessKind.FRESH);
            Pools.awaitIdle(pool, 1);
            long before = count(descriptors);
            for (int request = 0; request < 50; request++) {
                Pools.serve(pool, ProcessKind.FRESH);
            }
            Pools.awaitIdle(pool, 1);
            // Three each would be 150.
            await().untilAsserted(() -> assertThat(count(descriptors)).isLessThan(before + 10));
        }
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    @Test
    void pooledIsTheSameProcessEveryTime() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(2, 2))) {
            Pools.awaitIdle(pool, 2);
            long first = Pools.serve(pool, ProcessKind.POOLED);
            for (int request = 0; request < 10; request++) {
                assertThat(Pools.serve(pool, ProcessKind.POOLED)).isEqualTo(first);
            }
            Pools.awaitIdle(pool, 2);
        }
    }

    @Test
    void pooledIsReplacedAfterItsLastJob() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(1, 1, 3))) {
            List<Long> pids = new ArrayList<>();
            for (int request = 0; request < 7; request++) {
                pids.add(Pools.serve(pool, ProcessKind.POOLED));
            }
            assertThat(pids.subList(0, 3)).containsOnly(pids.getFirst());
            assertThat(pids.subList(3, 6)).containsOnly(pids.get(3));
            assertThat(Set.copyOf(pids)).hasSize(3);
        }
    }

    @Test
    void thoseThatHaveWorkedAtOnceStayIdleForAWhile() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(1, 3))) {
            Set<Long> used = new HashSet<>();
            for (int again = 0; again < 3; again++) {
                try (Lease one = pool.take(ProcessKind.POOLED);
                        Lease two = pool.take(ProcessKind.POOLED);
                        Lease three = pool.take(ProcessKind.POOLED)) {
                    for (Lease lease : List.of(one, two, three)) {
                        used.add(lease.pid());
                        assertThat(Pools.run(lease)).isEqualTo(new Reported());
                    }
                }
            }
            assertThat(used).hasSize(3);
            Pools.awaitIdle(pool, 1);
        }
    }

    @Test
    void freshFindsAnUnusedOneEvenWhereAllIdleOnesHaveWorked() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(2, 2))) {
            Pools.awaitIdle(pool, 2);
            Set<Long> used = new HashSet<>();
            try (Lease one = pool.take(ProcessKind.POOLED); Lease other = pool.take(ProcessKind.POOLED)) {
                used.add(one.pid());
                used.add(other.pid());
                assertThat(Pools.run(one)).isEqualTo(new Reported());
                assertThat(Pools.run(other)).isEqualTo(new Reported());
            }
            Pools.awaitIdle(pool, 2);
            assertThat(Pools.pids()).isEqualTo(used);

            assertThat(used).doesNotContain(Pools.serve(pool, ProcessKind.FRESH));

            // One of the used has made room: the next finds an unused one that stands ready.
            Pools.awaitIdle(pool, 2);
            Set<Long> standingReady = Pools.pids();
            assertThat(standingReady).containsAnyElementsOf(used);
            try (Lease next = pool.take(ProcessKind.FRESH)) {
                assertThat(standingReady).contains(next.pid());
                assertThat(used).doesNotContain(next.pid());
            }
        }
    }

    @Test
    void neverMoreProcessesThanAllowedAlsoInABurst() throws Exception {
        int standby = 2;
        int maxProcesses = 3;
        AtomicBoolean over = new AtomicBoolean();
        try (WorkerPool pool = Pools.quick(Settings.of(standby, maxProcesses, 5))) {
            var most = Background.run(() -> {
                int seen = 0;
                while (!over.get()) {
                    seen = Math.max(seen, Pools.pids().size());
                    WorkerPool.Status status = pool.status();
                    assertThat(status.busy()).isLessThanOrEqualTo(maxProcesses);
                    assertThat(status.idle()).isLessThanOrEqualTo(Math.max(standby, maxProcesses));
                }
                return seen;
            });
            List<CompletableFuture<Boolean>> clients = new ArrayList<>();
            for (int client = 0; client < 12; client++) {
                ProcessKind kind = client % 2 == 0 ? ProcessKind.FRESH : ProcessKind.POOLED;
                clients.add(Background.run(() -> {
                    boolean right = true;
                    for (int request = 0; request < 20; request++) {
                        right &= Pools.serve(pool, kind) > 0;
                    }
                    return right;
                }));
            }
            for (CompletableFuture<Boolean> client : clients) {
                assertThat(client).succeedsWithin(Settings.LONG).isEqualTo(true);
            }
            over.set(true);
            assertThat(most.join()).isBetween(1, standby + maxProcesses);
            Pools.awaitIdle(pool, standby);
        }
    }

    @Test
    void requestsAreServedInTheOrderInWhichTheyCame() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(1, 1))) {
            List<Integer> served = Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<Integer>> waiting = new ArrayList<>();
            Lease first = pool.take(ProcessKind.POOLED);
            for (int number = 0; number < 6; number++) {
                int place = number;
                ProcessKind kind = place % 3 == 0 ? ProcessKind.FRESH : ProcessKind.POOLED;
                waiting.add(Background.run(() -> {
                    try (Lease _ = pool.take(kind)) {
                        served.add(place);
                        return place;
                    }
                }));
                await().until(() -> pool.status().waiting() == place + 1);
            }
            first.close();
            waiting.forEach(CompletableFuture::join);
            assertThat(served).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsTooLongIsToldSoAndLeavesNoTrace(ProcessKind kind) throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.withQueueTimeout(Settings.of(1, 1), Duration.ofSeconds(2)))) {
            Lease held = pool.take(ProcessKind.POOLED);
            assertThatExceptionOfType(NoWorkerAvailableException.class).isThrownBy(() -> pool.take(kind))
                    .withMessage("no worker came free within 2000 ms");
            assertThat(pool.status().waiting()).isZero();
            assertThat(pool.status().busy()).isEqualTo(1);
            held.close();
            Pools.serve(pool, kind);
            Pools.awaitIdle(pool, 1);
        }
    }

    @Test
    void interruptedRequestLeavesTheQueue() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(1, 1))) {
            Lease held = pool.take(ProcessKind.POOLED);
            var waiting = Background.start(() -> pool.take(ProcessKind.POOLED));
            await().until(() -> pool.status().waiting() == 1);
            waiting.thread().interrupt();
            assertThat(waiting.result()).failsWithin(Settings.LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(InterruptedException.class);
            assertThat(pool.status().waiting()).isZero();
            held.close();
            Pools.awaitIdle(pool, 1);
        }
    }

    /** The interrupt and the worker arrive at the same time, in either order. */
    @Test
    void interruptedRequestLeaksNoWorker() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(1, 1))) {
            for (int again = 0; again < 200; again++) {
                Lease held = pool.take(ProcessKind.POOLED);
                var waiting = Background.start(() -> {
                    try (Lease lease = pool.take(ProcessKind.POOLED)) {
                        return lease.pid();
                    } catch (InterruptedException e) {
                        return 0L;
                    }
                });
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> pool.status().waiting() == 1);
                var givingBack = Background.start(() -> {
                    held.close();
                    return true;
                });
                waiting.thread().interrupt();
                assertThat(givingBack.result()).succeedsWithin(Settings.LONG);
                assertThat(waiting.result()).succeedsWithin(Settings.LONG);
            }
            Pools.awaitIdle(pool, 1);
        }
    }

    @Test
    void leaseClosedTwiceIsGivenBackOnce() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(1, 1))) {
            Lease lease = pool.take(ProcessKind.POOLED);
            lease.close();
            lease.close();
            Pools.awaitIdle(pool, 1);
            Pools.serve(pool, ProcessKind.POOLED);
            Pools.awaitIdle(pool, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void crashEndsOneWorkerAndTheNextRequestIsRight(ProcessKind kind) throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(1, 2))) {
            for (int again = 0; again < 5; again++) {
                try (Lease lease = pool.take(kind)) {
                    Crashed crashed = (Crashed) Pools.run(lease, Pools.job("crash"));
                    assertThat(crashed.termination().pid()).isEqualTo(lease.pid());
                    assertThat(crashed.termination().exitStatus()).isEqualTo(new ExitStatus(9));
                }
                Pools.serve(pool, kind);
            }
            Pools.awaitIdle(pool, 1);
        }
    }

    @Test
    void deadlineEndsThatWorkerAndNoOther() throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.withTimeout(Settings.of(2, 2), Settings.SHORT))) {
            try (Lease busy = pool.take(ProcessKind.POOLED)) {
                try (Lease hanging = pool.take(ProcessKind.POOLED)) {
                    TimedOut timedOut = (TimedOut) Pools.run(hanging, Pools.job("hang"));
                    assertThat(timedOut.termination().pid()).isEqualTo(hanging.pid());
                    assertThat(timedOut.termination().killed()).isTrue();
                    assertThat(ProcessHandle.of(hanging.pid())).isEmpty();
                }
                assertThat(Pools.run(busy)).isEqualTo(new Reported());
                assertThat(Pools.pids()).contains(busy.pid());
            }
            Pools.serve(pool, ProcessKind.FRESH);
            Pools.awaitIdle(pool, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void idleWorkerThatIsKilledIsReplaced(ProcessKind kind) throws Exception {
        try (WorkerPool pool = Pools.quick(Settings.of(1, 1))) {
            for (int again = 0; again < 3; again++) {
                Pools.awaitIdle(pool, 1);
                long pid = Pools.pids().iterator().next();
                ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                await().until(() -> !Pools.pids().contains(pid) && pool.status().idle() == 1);
                log.awaitLine("an idle worker ended: pid=" + pid, "137", "next start in 100 ms");
                assertThat(Pools.serve(pool, kind)).isNotEqualTo(pid);
            }
        }
    }

    @Test
    void poolGetsAlongWithoutTheCommonPool() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        int threads = ForkJoinPool.commonPool().getParallelism();
        CountDownLatch blocked = new CountDownLatch(threads);
        for (int thread = 0; thread < threads; thread++) {
            ForkJoinPool.commonPool().execute(() -> {
                blocked.countDown();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        blocked.await();
        try (WorkerPool pool = Pools.quick(Settings.withQueueTimeout(Settings.of(1, 1), Duration.ofSeconds(20)))) {
            for (int request = 0; request < 10; request++) {
                Pools.serve(pool, ProcessKind.FRESH);
            }
        } finally {
            over.countDown();
        }
    }
}
