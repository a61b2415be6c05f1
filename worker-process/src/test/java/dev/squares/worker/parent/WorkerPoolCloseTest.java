package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.child.Misbehaviour;
import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.Outcome.Crashed;
import dev.squares.worker.parent.WorkerPool.Lease;
import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The end of a pool is the end of all its processes. */
@ExtendWith(NoChildLeft.class)
class WorkerPoolCloseTest {
    @RegisterExtension
    private final PoolLog log = new PoolLog();

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    private Job list;

    @BeforeEach
    void makeList() throws IOException {
        list = new Job(
                MappedFiles.create(directory.resolve("list"), 1, 2, 3, 4), Job.Mapping.PRIVATE, Job.View.FULL);
    }

    @Test
    void closeWaitsUntilIdleWorkersAreGone() {
        WorkerPool pool = Pools.quick(Settings.of(3, 3));
        Pools.awaitIdle(pool, 3);
        pool.close();
        assertThat(Pools.pids()).isEmpty();
    }

    @Test
    void closeWaitsUntilStartingWorkersAreGone() {
        for (int again = 0; again < 20; again++) {
            WorkerPool pool = Pools.of(
                    Commands.quick(), () -> Pools.job("warm-up"),
                    Settings.withKillGrace(Settings.of(3, 3), Settings.LONG));
            while (again % 3 != 0 && pool.status().idle() < again % 3) {
                Thread.onSpinWait();
            }
            pool.close();
            assertThat(Pools.pids()).isEmpty();
        }
    }

    @Test
    void closeEndsAWorkerThatDoesNotGetReady() throws Exception {
        Path ready = directory.resolve("ready");
        WorkerPool pool = Pools.of(
                Commands.misbehaving(Misbehaviour.HANG_AND_IGNORE_TERM, 0, ready), () -> list, Settings.of(1, 1));
        await().until(() -> Files.exists(ready));
        pool.close();
        await().until(() -> Pools.pids().isEmpty());
    }

    @Test
    void closeEndsARealWorkerInTheMiddleOfItsJob() throws Exception {
        WorkerPool pool = Pools.of(Commands.worker(), () -> list, Settings.of(1, 1));
        Lease lease = pool.take(ProcessKind.POOLED);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Path large = MappedFiles.create(directory.resolve("large"), LongStream.range(0, 100_000));
        var running = Background.run(
                () -> lease.run(new Job(large, Job.Mapping.SHARED, Job.View.FULL), Long.MAX_VALUE, report -> {
                    assertThat(report.read()).isEqualTo('{');
                    begun.countDown();
                    await().until(() -> closed.getCount() == 0);
                    report.readAllBytes();
                }));
        begun.await();
        pool.close();
        assertThat(Pools.pids()).isEmpty();
        closed.countDown();

        Crashed crashed = (Crashed) running.join();
        assertThat(crashed.termination().pid()).isEqualTo(lease.pid());
        assertThatCode(lease::close).doesNotThrowAnyException();
    }

    @Test
    void closeEndsAWorkerThatDoesNotListenInTheMiddleOfItsJob() throws Exception {
        Path ready = directory.resolve("ready");
        WorkerPool pool = Pools.of(
                Commands.misbehaving(Misbehaviour.HANG_AND_IGNORE_TERM, 1, ready), () -> list, Settings.of(1, 1));
        var running = Background.run(() -> {
            try (Lease lease = pool.take(ProcessKind.FRESH)) {
                return Pools.run(lease, list);
            }
        });
        await().until(() -> Files.exists(ready));
        pool.close();
        assertThat(Pools.pids()).isEmpty();
        assertThat(((Crashed) running.join()).termination().killed()).isTrue();
    }

    @Test
    void jobAfterTheEndCrashes() throws Exception {
        WorkerPool pool = Pools.quick(Settings.of(1, 1));
        Lease lease = pool.take(ProcessKind.POOLED);
        pool.close();
        assertThat(Pools.run(lease)).isInstanceOf(Crashed.class);
        assertThatCode(lease::close).doesNotThrowAnyException();
    }

    @Test
    void whoWaitsOrComesLaterIsRefused() throws Exception {
        WorkerPool pool = Pools.quick(Settings.of(1, 1));
        Lease held = pool.take(ProcessKind.POOLED);
        var waiting = Background.run(() -> pool.take(ProcessKind.POOLED));
        await().until(() -> pool.status().waiting() == 1);
        pool.close();

        assertThat(waiting).failsWithin(Settings.LONG)
                .withThrowableThat()
                .withCauseInstanceOf(NoWorkerAvailableException.class)
                .withMessageContaining("the service is stopping");
        assertThatExceptionOfType(NoWorkerAvailableException.class)
                .isThrownBy(() -> pool.take(ProcessKind.FRESH))
                .withMessage("the service is stopping");
        assertThatCode(held::close).doesNotThrowAnyException();
    }

    /** It comes when nobody waits for it any more, and does not listen either. */
    @Test
    void workerThatIsForkedAfterTheEndIsKilled() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        WorkerPool pool = new WorkerPool(_ -> {
            asked.countDown();
            await().until(() -> closed.getCount() == 0);
            return Commands.shell("exec /bin/sleep 1000");
        }, () -> list, MailboxFiles.NONE, Settings.of(1, 1), (_, _) -> over.countDown());
        asked.await();
        pool.close();
        closed.countDown();
        over.await();
        assertThat(Pools.pids()).isEmpty();
    }

    /** Those who wait give up in the moment in which the pool closes, in either order. */
    @Test
    void requestThatGivesUpWhileThePoolClosesIsToldNothingElse() throws Exception {
        for (int again = 0; again < 20; again++) {
            WorkerPool pool = Pools.quick(Settings.of(1, 1));
            Lease held = pool.take(ProcessKind.POOLED);
            List<Background.Task<Boolean>> waiting = Stream.generate(() -> Background.start(() -> {
                try (Lease _ = pool.take(ProcessKind.POOLED)) {
                    return false;
                } catch (InterruptedException | NoWorkerAvailableException e) {
                    return true;
                }
            })).limit(40).toList();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> pool.status().waiting() == 40);
            var closing = Background.run(() -> {
                pool.close();
                return true;
            });
            waiting.forEach(task -> task.thread().interrupt());
            assertThat(waiting)
                    .allSatisfy(task -> assertThat(task.result()).succeedsWithin(Settings.LONG).isEqualTo(true));
            assertThat(closing).succeedsWithin(Settings.LONG);
            held.close();
        }
    }

    @Test
    void closeAfterFailedStartsEnds() {
        WorkerPool pool = Pools.of(Commands.shell("exit 1"), Settings.of(2, 2));
        log.awaitLine("could not start a worker: ", "exitCode=1");
        pool.close();
        pool.close();
        assertThat(Pools.pids()).isEmpty();
    }
}
