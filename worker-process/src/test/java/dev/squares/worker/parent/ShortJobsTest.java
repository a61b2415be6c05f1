package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.child.Misbehaviour;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.ParentMailbox;
import dev.squares.worker.parent.Outcome.Displaced;
import dev.squares.worker.parent.Outcome.Reported;
import dev.squares.worker.parent.WorkerPool.Lease;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import dev.squares.worker.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Short jobs in mailboxes, done by real workers, and by some that misbehave. */
@ExtendWith(NoChildLeft.class)
class ShortJobsTest {
    private static final int CLIENTS = 8;
    private static final int JOBS = 300;
    private static final int KILLS = 10;

    @RegisterExtension
    final PoolLog log = new PoolLog();

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @Test
    void everyClientGetsItsOwnSquares() throws Exception {
        try (WorkerPool pool = pool(Commands.worker(), Settings.of(1, 2))) {
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                Random random = new Random(client);
                wrong.add(clients.submit(() -> wrongAnswers(pool, random)));
            }
            for (Future<Integer> count : wrong) {
                assertThat(count.get()).isZero();
            }
        }
    }

    private static int wrongAnswers(WorkerPool pool, Random random) throws Exception {
        int wrong = 0;
        for (int i = 0; i < JOBS; i++) {
            int length = random.nextInt(10) == 0 ? ParentMailbox.MAX_COUNT : random.nextInt(5);
            Mapping mapping = random.nextInt(4) == 0 ? Mapping.PRIVATE : Mapping.SHARED;
            TestJob job = new TestJob(random.longs(length, -3_037_000_499L, 3_037_000_500L).toArray(), mapping);
            wrong += serve(pool, ProcessKind.POOLED, job) instanceof Reported && job.isRight() ? 0 : 1;
        }
        return wrong;
    }

    /** As a coordinator does: a job that is displaced is given to another worker. */
    private static Outcome serve(WorkerPool pool, ProcessKind kind, TestJob job) throws Exception {
        Outcome outcome;
        do {
            try (Lease worker = pool.takeForShortJob(kind)) {
                outcome = worker.run(job);
            }
        } while (outcome instanceof Displaced);
        return outcome;
    }

    @Test
    void freshWorkerDoesOneJobAndKeepsNoFile() throws Exception {
        try (WorkerPool pool = pool(Commands.worker(), Settings.of(1, 1))) {
            TestJob first = new TestJob(1, 2);
            TestJob second = new TestJob(3);
            assertThat(serve(pool, ProcessKind.FRESH, first)).isEqualTo(new Reported());
            assertThat(serve(pool, ProcessKind.FRESH, second)).isEqualTo(new Reported());
            assertThat(first.isRight()).isTrue();
            assertThat(second.isRight()).isTrue();
            assertThat(first.pid()).isNotEqualTo(second.pid());
            Pools.awaitIdle(pool, 1);
            assertThat(names()).isEmpty();
        }
    }

    @Test
    void clientOfAJobThatHasNotBegunDoesNotSeeItsWorkerDie() throws Exception {
        try (WorkerPool pool = pool(Commands.worker(), Settings.of(2, 2))) {
            TestJob job = new TestJob(4);
            try (Lease worker = pool.takeForShortJob(ProcessKind.POOLED)) {
                Signals.send("KILL", worker.pid());
                assertThat(worker.run(job)).isInstanceOf(Displaced.class);
                assertThat(job.written).isIn(-1L, 0L);
            }
            assertThat(serve(pool, ProcessKind.POOLED, job)).isEqualTo(new Reported());
            assertThat(job.isRight()).isTrue();
        }
    }

    @Test
    void randomKillsCostNoMoreThanTheJobThatHadBegun() throws Exception {
        try (WorkerPool pool = pool(Commands.worker(), Settings.of(2, 3))) {
            List<Future<Integer>> failed = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                failed.add(clients.submit(() -> {
                    int crashed = 0;
                    for (long i = 0; i < JOBS; i++) {
                        TestJob job = new TestJob(i, i + 1);
                        Outcome outcome = serve(pool, ProcessKind.POOLED, job);
                        if (outcome instanceof Reported) {
                            assertThat(job.isRight()).isTrue();
                        } else {
                            assertThat(outcome).isInstanceOf(Outcome.Crashed.class);
                            crashed++;
                        }
                    }
                    return crashed;
                }));
            }
            int kills = 0;
            while (kills < KILLS && failed.stream().anyMatch(client -> !client.isDone())) {
                await().until(() -> pool.status().busy() > 0 || failed.stream().allMatch(Future::isDone));
                kills += (int) NoChildLeft.children().stream().limit(1).filter(ProcessHandle::destroyForcibly).count();
            }
            int crashed = 0;
            for (Future<Integer> client : failed) {
                crashed += client.get();
            }
            assertThat(kills).isPositive();
            assertThat(crashed).isLessThanOrEqualTo(kills);
        }
    }

    @Test
    void jobThatHangsTimesOutAndTakesNoOtherWithIt() throws Exception {
        PoolSettings settings = Settings.withTimeout(Settings.of(1, 1), Duration.ofSeconds(1));
        Path ready = directory.resolve("ready");
        // The warm-up takes two jobs: one in the mailbox, one in a file.
        try (WorkerPool pool = pool(Commands.misbehaving(Misbehaviour.HANG, 2, ready), settings);
                Lease first = pool.takeForShortJob(ProcessKind.POOLED);
                Lease second = pool.takeForShortJob(ProcessKind.POOLED)) {
            TestJob hanging = new TestJob(1, 2, 3);
            Future<Outcome> outcome = clients.submit(() -> first.run(hanging));
            await().until(() -> Files.exists(ready));
            TestJob waiting = new TestJob(5);
            assertThat(second.run(waiting)).isInstanceOf(Displaced.class);

            assertThat(outcome.get()).isInstanceOf(Outcome.TimedOut.class);
            assertThat(hanging.written).isEqualTo(2);
            assertThat(waiting.written).isZero();
        }
    }

    @Test
    void workerThatHangsEndsWhenAllWhoWaitForItAreGone() throws Exception {
        Path ready = directory.resolve("ready");
        try (WorkerPool pool = pool(Commands.misbehaving(Misbehaviour.HANG, 2, ready), Settings.of(1, 1));
                Lease first = pool.takeForShortJob(ProcessKind.POOLED);
                Lease second = pool.takeForShortJob(ProcessKind.POOLED)) {
            assertThat(second.pid()).isEqualTo(first.pid());
            Future<Outcome> begun = clients.submit(() -> first.run(new TestJob(1, 2, 3)));
            await().until(() -> Files.exists(ready));
            Future<Outcome> waiting = clients.submit(() -> second.run(new TestJob(4)));

            first.kill();
            assertThat(begun.isDone()).isFalse();
            second.kill();

            assertThat(begun.get()).isInstanceOf(Outcome.Crashed.class);
            assertThat(waiting.get()).isInstanceOf(Displaced.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GARBAGE", "EMPTY_LINE", "TWO_LINES", "ENDLESS_SPACE", "ENDLESS_SQUARES", "WRONG_COUNT"})
    void reportThatIsNoneIsToldFromOne(Misbehaviour misbehaviour) throws Exception {
        Path ready = directory.resolve("ready");
        try (WorkerPool pool = pool(Commands.misbehaving(misbehaviour, 2, ready), Settings.of(1, 1))) {
            TestJob job = new TestJob(1, 2, 3);
            assertThat(serve(pool, ProcessKind.POOLED, job)).isInstanceOf(Outcome.InvalidReport.class);
            assertThat(job.written).isEqualTo(2);
        }
    }

    @Test
    void workerThatSpeaksUnaskedIsReplacedBeforeItGetsTheJob() throws Exception {
        Path awaited = directory.resolve("awaited");
        try (WorkerPool pool = pool(Commands.misbehaving(Misbehaviour.REPORT_BEFORE_THE_JOB, 2, awaited),
                Settings.of(1, 1)); Lease worker = pool.takeForShortJob(ProcessKind.POOLED)) {
            Files.createFile(awaited);
            await().until(() -> Files.notExists(awaited));
            Outcome outcome = worker.run(new TestJob(1));
            assertThat(outcome).isInstanceOf(Displaced.class);
            assertThat(((Displaced) outcome).other()).isInstanceOf(Outcome.InvalidReport.class);
        }
    }

    @Test
    void workerForWhoseMailboxThereIsNoRoomDoesOtherJobsAlone() throws Exception {
        try (WorkerPool pool = new WorkerPool(_ -> Commands.quick(), () -> Pools.job("warm-up"), MailboxFiles.NONE,
                Settings.of(1, 1), (_, _) -> {})) {
            try (Lease worker = pool.takeForShortJob(ProcessKind.POOLED)) {
                assertThatExceptionOfType(NoMailboxException.class).isThrownBy(() -> worker.run(new TestJob(1)));
            }
            Pools.serve(pool, ProcessKind.POOLED);
        }
    }

    @Test
    void workerThatCannotDoItsFirstShortJobIsNotLent() throws IOException {
        try (WorkerPool pool = pool(Commands.quick(), Settings.of(1, 1))) {
            log.awaitLine("could not start a worker");
            assertThat(pool.status().idle()).isZero();
            await().until(() -> names().isEmpty());
        }
    }

    private WorkerPool pool(WorkerCommand command, PoolSettings settings) throws IOException {
        Path warmUp = MappedFiles.create(directory.resolve("warm-up"), 1, 2);
        return new WorkerPool(_ -> command, () -> new Job(warmUp, Mapping.PRIVATE, View.SUMMARY),
                () -> directory.resolve("mailbox-" + UUID.randomUUID()), settings, (_, _) -> {});
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("mailbox")).toList();
        }
    }
}
