package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.testing.NoChildLeft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Starts that fail. */
@ExtendWith(NoChildLeft.class)
class WorkerPoolStartTest {
    @RegisterExtension
    private final PoolLog log = new PoolLog();

    @TempDir
    private Path directory;

    /** Leaves a letter for every start, and fails unless it is allowed to go on. */
    private WorkerCommand failingUntilAllowed() {
        return Commands.quickAfter("printf x >> " + starts() + "; test -e " + allowed()
                + " || { echo 'not yet' >&2; exit 7; }");
    }

    private Path starts() {
        return directory.resolve("starts");
    }

    private Path allowed() {
        return directory.resolve("allowed");
    }

    @Test
    void failedStartIsShown() {
        try (WorkerPool pool = Pools.of(failingUntilAllowed(), Settings.of(1, 1))) {
            await().until(() -> pool.status().failing());
            assertThat(pool.status().ready()).isFalse();
            assertThat(pool.status().idle()).isZero();
            log.awaitLine("could not start a worker: ", "exitCode=7", "stderr: not yet", "next start in 100 ms");
        }
    }

    @Test
    void programThatIsNotThereIsShown() {
        WorkerCommand command = new WorkerCommand(List.of("/no/such/program"));
        try (WorkerPool pool = Pools.of(command, Settings.of(2, 2))) {
            await().until(() -> pool.status().failing());
            log.awaitLine("could not start a worker: ", "/no/such/program");
        }
    }

    @Test
    void startThatNeverGetsReadyIsEndedAndShown() {
        PoolSettings impatient = Settings.withStartTimeout(Settings.of(1, 1), Settings.SHORT);
        try (WorkerPool pool = Pools.of(Commands.quick(), () -> Pools.job("hang"), impatient)) {
            await().until(() -> pool.status().failing());
            log.awaitLine("could not start a worker: ", "sent by the parent");
        }
    }

    @Test
    void warmUpThatCannotBeHadIsShownAndTriedAgain() {
        AtomicBoolean there = new AtomicBoolean();
        WorkerPool.WarmUp warmUp = () -> {
            if (!there.get()) {
                throw new IOException("no warm-up today");
            }
            return Pools.job("warm-up");
        };
        try (WorkerPool pool = Pools.of(Commands.quick(), warmUp, Settings.of(2, 2))) {
            await().until(() -> pool.status().failing());
            log.awaitLine("no warm-up today");
            there.set(true);
            Pools.awaitIdle(pool, 2);
        }
    }

    /** Four at a time: at once, and after pauses of 100, 200, 400 and 800 milliseconds. */
    @Test
    void startsThatFailAreTriedAgainAfterPausesThatDouble() {
        long start = System.nanoTime();
        try (WorkerPool _ = Pools.of(failingUntilAllowed(), Settings.of(4, 4))) {
            await().pollInterval(Duration.ofMillis(5)).until(() -> numberOfStarts() >= 4 * 5);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
        }
    }

    @Test
    void waitingRequestsDoNotMakeItSpin() throws Exception {
        PoolSettings settings = Settings.withQueueTimeout(Settings.of(1, 4), Duration.ofMillis(100));
        long start = System.nanoTime();
        try (WorkerPool pool = Pools.of(failingUntilAllowed(), settings)) {
            int refused = 0;
            for (; numberOfStarts() < 5; refused++) {
                assertThatExceptionOfType(NoWorkerAvailableException.class)
                        .isThrownBy(() -> pool.take(ProcessKind.FRESH));
            }
            assertThat(refused).isPositive();
            // With a request waiting and one to stand by, two at a time: at 0, 100 and 300 milliseconds.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void startsSucceedAgainWhenTheyCan() throws Exception {
        try (WorkerPool pool = Pools.of(failingUntilAllowed(), Settings.of(2, 2))) {
            await().until(() -> pool.status().failing());
            Files.createFile(allowed());
            Pools.serve(pool, ProcessKind.FRESH);
            Pools.awaitIdle(pool, 2);
        }
    }

    @Test
    void listenerHearsOfEveryStart() throws Exception {
        List<Boolean> outcomes = new CopyOnWriteArrayList<>();
        try (WorkerPool pool = new WorkerPool(
                _ -> failingUntilAllowed(), () -> Pools.job("warm-up"), MailboxFiles.NONE, Settings.of(1, 1),
                (took, succeeded) -> {
                    assertThat(took).isPositive();
                    outcomes.add(succeeded);
                })) {
            await().until(() -> outcomes.size() == 2);
            Files.createFile(allowed());
            Pools.awaitIdle(pool, 1);
            assertThat(outcomes.subList(0, 2)).containsOnly(false);
            assertThat(outcomes).endsWith(true);
        }
    }

    @Test
    void workersAreStartedForWhatWasAskedForLast() throws Exception {
        List<ProcessKind> startedFor = new CopyOnWriteArrayList<>();
        try (WorkerPool pool = new WorkerPool(
                kind -> {
                    startedFor.add(kind);
                    return Commands.quick();
                }, () -> Pools.job("warm-up"), MailboxFiles.NONE, Settings.of(1, 1, 1), (_, _) -> {})) {
            Pools.awaitIdle(pool, 1);
            for (ProcessKind kind : List.of(ProcessKind.FRESH, ProcessKind.POOLED)) {
                Pools.serve(pool, kind);
                Pools.awaitIdle(pool, 1);
            }
            assertThat(startedFor).containsExactly(ProcessKind.POOLED, ProcessKind.FRESH, ProcessKind.POOLED);
        }
    }

    @Test
    void failedStartsDoNotPileUp() throws Exception {
        try (WorkerPool pool = Pools.of(failingUntilAllowed(), Settings.of(4, 4))) {
            await().until(() -> numberOfStarts() >= 12);
            Files.createFile(allowed());
            Pools.awaitIdle(pool, 4);
        }
    }

    @Test
    void commandIsAskedForAtEveryStartAndMayFail() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        WorkerPool.CommandSource commands = _ -> {
            if (asked.incrementAndGet() <= 2) {
                throw new IOException("no command today");
            }
            return Commands.quick();
        };
        try (WorkerPool pool = new WorkerPool(
                commands, () -> Pools.job("warm-up"), MailboxFiles.NONE, Settings.of(1, 1), (_, _) -> {})) {
            log.awaitLine("could not start a worker: no command today; next start in 100 ms");
            Pools.awaitIdle(pool, 1);
            assertThat(asked).hasValue(3);
            Pools.serve(pool, ProcessKind.FRESH);
            Pools.awaitIdle(pool, 1);
            assertThat(asked).hasValue(4);
        }
    }

    private int numberOfStarts() throws IOException {
        return Files.exists(starts()) ? (int) Files.size(starts()) : 0;
    }
}
