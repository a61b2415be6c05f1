package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.child.Misbehaviour;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.parent.Outcome.Crashed;
import dev.squares.worker.parent.Outcome.InvalidReport;
import dev.squares.worker.parent.Outcome.Reported;
import dev.squares.worker.parent.Outcome.Termination;
import dev.squares.worker.parent.Outcome.TimedOut;
import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import dev.squares.worker.testing.Signals;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way in which a child can end its job, and what its parent says about it. */
@ExtendWith(NoChildLeft.class)
class WorkerTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final OomKills NO_OOM_KILLS = new OomKills(null);
    private static final long REPORT_BYTES = 1000;

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final JsonLine report = new JsonLine();
    private Path file;
    private Path ready;

    @BeforeEach
    void makeFile() throws IOException {
        file = MappedFiles.create(directory.resolve("list"), 1, 2, 3, 4);
        ready = directory.resolve("ready");
    }

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private Worker start(WorkerCommand command) throws IOException {
        return Worker.start(command, timer, SHORT, NO_OOM_KILLS);
    }

    private Worker start(Misbehaviour how) throws IOException {
        return start(Commands.misbehaving(how, 0, ready));
    }

    private Outcome run(Worker worker, Duration timeout) throws IOException, InterruptedException {
        return worker.run(new Job(file, Job.Mapping.SHARED, Job.View.FULL), REPORT_BYTES, timeout, report);
    }

    private static void assertDead(Worker worker, Termination termination) {
        assertThat(worker.isUsable()).isFalse();
        assertThat(termination.pid()).isEqualTo(worker.pid());
        assertThat(ProcessHandle.of(worker.pid())).as("dead, and reaped").isEmpty();
        assertThat(termination.ranFor()).isPositive();
    }

    @Test
    void reportIsReadAndTheChildStaysForTheNextJob() throws Exception {
        Worker worker = start(Commands.worker());
        for (int job = 1; job <= 3; job++) {
            assertThat(run(worker, LONG)).isEqualTo(new Reported());
            assertThat(report.text())
                    .isEqualTo("{\"pid\":" + worker.pid() + ",\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}");
            assertThat(worker.isUsable()).isTrue();
        }
        worker.end();
        assertThat(worker.onExit().join().exitValue()).isZero();
    }

    @Test
    void readerThatLeavesTheReportUnreadGetsTheNextOneFromItsStart() throws Exception {
        Worker worker = start(Commands.worker());
        Job job = new Job(file, Job.Mapping.SHARED, Job.View.FULL);
        assertThat(worker.run(job, REPORT_BYTES, LONG, unread -> assertThat(unread.read()).isEqualTo('{')))
                .isEqualTo(new Reported());
        assertThat(run(worker, LONG)).isEqualTo(new Reported());
        assertThat(report.text()).startsWith("{\"pid\":").endsWith("[1,4,9,16]}");
        worker.end();
    }

    @ParameterizedTest
    @CsvSource({"CRASH_BEFORE_MAPPING, 41, last words, 0, false", "CRASH_HALFWAY, 42, last words, 2, false",
            "CRASH_AFTER_PUBLISHING, 43, last words, 4, true", "EXIT_SILENTLY, 0, (empty), 2, false",
            "HALF_A_LINE, 0, (empty), 2, false"})
    void endingWithoutAReportIsACrash(Misbehaviour how, int exitCode, String stderr, long written, boolean done)
            throws Exception {
        Worker worker = start(how);
        Crashed crashed = (Crashed) run(worker, LONG);

        assertDead(worker, crashed.termination());
        assertThat(crashed.termination().exitStatus()).isEqualTo(new ExitStatus(exitCode));
        assertThat(crashed.termination().signal()).isNull();
        assertThat(crashed.termination().killed()).isFalse();
        assertThat(crashed.termination().stderr()).isEqualTo(stderr);
        try (ParentMapping memory = ParentMapping.open(file)) {
            assertThat(memory.written()).isEqualTo(written);
            assertThat(memory.isDone()).isEqualTo(done);
        }
    }

    @Test
    void outcomeHasARealWorkersExitCodeAndItsStandardError() throws Exception {
        Files.delete(file);
        Worker worker = start(Commands.worker());
        Crashed crashed = (Crashed) run(worker, LONG);

        assertDead(worker, crashed.termination());
        assertThat(crashed.termination().exitStatus()).isEqualTo(new ExitStatus(74));
        assertThat(crashed.termination().stderr()).isEqualTo("worker: java.nio.file.NoSuchFileException: " + file);
        assertThat(crashed.termination().toString())
                .startsWith("pid=" + worker.pid() + " exitCode=74 ");
    }

    @Test
    void childThatSomebodyElseKillsIsNotSaidToBeKilledByUs() throws Exception {
        Worker worker = start(Misbehaviour.HANG);
        var running = Background.run(() -> run(worker, LONG));
        await().until(() -> Files.exists(ready));
        Signals.send("KILL", worker.pid());
        Crashed crashed = (Crashed) running.join();

        assertDead(worker, crashed.termination());
        assertThat(crashed.termination().exitStatus().code()).isEqualTo(137);
        assertThat(crashed.termination().signal()).startsWith("SIGKILL, ").contains("out of memory");
        assertThat(crashed.termination().killed()).isFalse();
    }

    @Test
    void childThatTheKernelKilledForItsMemoryIsSaidToBe() throws Exception {
        Path events = Files.writeString(directory.resolve("memory.events"), "low 0\noom 3\noom_kill 3\n");
        Worker worker = Worker.start(Commands.misbehaving(Misbehaviour.HANG, 0, ready), timer, SHORT,
                new OomKills(events));
        var running = Background.run(() -> run(worker, LONG));
        await().until(() -> Files.exists(ready));
        Files.writeString(events, "low 0\noom 4\noom_kill 4\n");
        Signals.send("KILL", worker.pid());
        Crashed crashed = (Crashed) running.join();

        assertDead(worker, crashed.termination());
        assertThat(crashed.termination().outOfMemory()).isTrue();
        assertThat(crashed.termination().killed()).isFalse();
        assertThat(crashed.termination().signal()).isEqualTo("SIGKILL, sent by the kernel's OOM killer");
    }

    @Test
    void childThatEndsAfterItsReportHasReported() throws Exception {
        Worker worker = start(Misbehaviour.CRASH_AFTER_REPORTING);
        assertThat(run(worker, LONG)).isEqualTo(new Reported());
        await().until(() -> !worker.isUsable());

        Crashed crashed = (Crashed) run(worker, LONG);
        assertDead(worker, crashed.termination());
        assertThat(crashed.termination().exitStatus()).isEqualTo(new ExitStatus(44));
        assertThat(crashed.termination().stderr()).isEqualTo("last words");
    }

    @ParameterizedTest
    @CsvSource({"GARBAGE, not JSON: no report at all", "DEEP_NESTING, the report is longer than 1000 bytes",
            "TWO_LINES, something follows the report"})
    void whatIsNoReportIsGarbledAndKilled(Misbehaviour how, String problem) throws Exception {
        Worker worker = start(how);
        InvalidReport garbled = (InvalidReport) run(worker, LONG);

        assertDead(worker, garbled.termination());
        assertThat(garbled.problem()).isEqualTo(problem);
        assertThat(garbled.termination().killed()).isTrue();
        assertThat(garbled.termination().exitStatus().code()).isEqualTo(137);
    }

    @Test
    void wordsBeforeTheGarbageAreKept() throws Exception {
        for (int again = 0; again < 5; again++) {
            Worker worker = start(Commands.shell("read -r job; echo 'why it happened' >&2; echo garbage; read -r job"));
            InvalidReport garbled = (InvalidReport) run(worker, LONG);
            assertThat(garbled.termination().stderr()).isEqualTo("why it happened");
        }
    }

    @Test
    void speakingUnaskedIsGarbledAndKilled() throws Exception {
        Path awaited = ready.resolveSibling("awaited");
        Worker worker = start(Commands.misbehaving(Misbehaviour.REPORT_BEFORE_THE_JOB, 0, awaited));
        Files.createFile(awaited);
        await().until(() -> Files.notExists(awaited));
        InvalidReport garbled = (InvalidReport) run(worker, LONG);

        assertDead(worker, garbled.termination());
        assertThat(garbled.problem()).isEqualTo("something was written before the job was given");
        assertThat(garbled.termination().killed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"HANG, 143, 'SIGTERM, sent by the parent'", "HANG_AND_IGNORE_TERM, 137, 'SIGKILL, sent by the parent'",
            "ENDLESS_STDERR, 143, 'SIGTERM, sent by the parent'"})
    void deadlineEndsWhatDoesNotEnd(Misbehaviour how, int exitCode, String signal) throws Exception {
        Worker worker = start(Commands.misbehaving(how, 1, ready));
        // Its JVM has started then, however long that took, and the deadline is that of the job that hangs.
        assertThat(run(worker, LONG)).isEqualTo(new Reported());
        TimedOut timedOut = (TimedOut) run(worker, Duration.ofSeconds(2));

        assertThat(ready).exists();
        assertDead(worker, timedOut.termination());
        assertThat(timedOut.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(timedOut.termination().ranFor()).isGreaterThanOrEqualTo(timedOut.timeout());
        assertThat(timedOut.termination().killed()).isTrue();
        assertThat(timedOut.termination().exitStatus().code()).isEqualTo(exitCode);
        assertThat(timedOut.termination().signal()).isEqualTo(signal);
        if (how == Misbehaviour.ENDLESS_STDERR) {
            assertThat(timedOut.termination().stderr()).contains(" of very many\nline ").hasSizeBetween(4000, 4096);
        } else {
            assertThat(timedOut.termination().stderr()).isEqualTo("(empty)");
        }
    }

    @Test
    void deadlineEndsAStoppedChild() throws Exception {
        Worker worker = start(Misbehaviour.HANG);
        Signals.stop(worker.pid());
        TimedOut timedOut = (TimedOut) run(worker, SHORT);

        assertDead(worker, timedOut.termination());
        assertThat(timedOut.termination().killed()).isTrue();
        assertThat(timedOut.termination().exitStatus().code()).isEqualTo(137);
    }

    /** The deadline comes while the parent is not reading: the next read must not mistake it for its own failure. */
    @Test
    void deadlineDuringALongReportIsATimeout() throws Exception {
        Worker worker = start(Misbehaviour.DEEP_NESTING);
        Outcome ending = worker.run(
                new Job(file, Job.Mapping.SHARED, Job.View.FULL),
                Long.MAX_VALUE,
                Duration.ofSeconds(1),
                endless -> {
                    assertThat(endless.read()).isEqualTo('[');
                    worker.onExit().join();
                    endless.transferTo(OutputStream.nullOutputStream());
                });
        TimedOut timedOut = (TimedOut) ending;
        assertDead(worker, timedOut.termination());
        assertThat(timedOut.termination().killed()).isTrue();
    }

    @Test
    void wordsBeforeTheDeadlineAreKept() throws Exception {
        Worker worker = start(Commands.shell(
                "trap 'echo so far and no further >&2; exit 1' TERM; read -r job; while :; do read -r job; done"));
        TimedOut timedOut = (TimedOut) run(worker, SHORT);

        assertDead(worker, timedOut.termination());
        assertThat(timedOut.termination().killed()).isTrue();
        assertThat(timedOut.termination().exitStatus()).isEqualTo(new ExitStatus(1));
        assertThat(timedOut.termination().stderr()).isEqualTo("so far and no further");
    }

    @Test
    void childThatClosesItsOutputAndLivesOnIsKilled() throws Exception {
        Worker worker = start(Misbehaviour.CLOSE_STDOUT);
        Crashed crashed = (Crashed) run(worker, LONG);

        assertDead(worker, crashed.termination());
        assertThat(crashed.termination().killed()).isTrue();
        assertThat(crashed.termination().exitStatus().code()).isEqualTo(137);
    }

    @Test
    void interruptWhileAChildThatClosedItsOutputLivesOnKillsIt() throws Exception {
        Worker worker = Worker.start(Commands.misbehaving(Misbehaviour.CLOSE_STDOUT, 0, ready), timer, LONG,
                NO_OOM_KILLS);
        var running = Background.start(() -> run(worker, LONG));
        await().until(() -> Files.exists(ready));
        running.thread().interrupt();

        assertThat(running.result()).failsWithin(LONG)
                .withThrowableThat()
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(worker.isUsable()).isFalse();
        assertThat(worker.onExit().join().exitValue()).isEqualTo(137);
    }

    @Test
    void childIsDeadWhenItsReaderFails() throws Exception {
        for (int again = 0; again < 10; again++) {
            Worker worker = start(Commands.quick());
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> worker.run(
                    new Job(file, Job.Mapping.SHARED, Job.View.FULL), REPORT_BYTES, LONG, _ -> {
                        throw new IOException("the client is gone");
                    })).withMessage("the client is gone");
            assertThat(ProcessHandle.of(worker.pid())).isEmpty();
        }
    }

    @Test
    void endedChildThatIgnoresTheEndOfItsInputIsKilledAfterTheGrace() throws Exception {
        Worker worker = start(Misbehaviour.REPORT_AND_IGNORE_THE_END);
        assertThat(run(worker, LONG)).isEqualTo(new Reported());
        await().until(() -> Files.exists(ready));
        worker.end();
        assertThat(worker.onExit().join().exitValue()).isEqualTo(137);
        assertThat(worker.isUsable()).isFalse();
    }

    @Test
    void programThatIsNotThereCannotBeStarted() {
        WorkerCommand command = new WorkerCommand(List.of("/no/such/program"));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> start(command))
                .withMessageContaining("/no/such/program");
    }

    @Test
    void childGetsNothingOfTheParentsEnvironment() throws Exception {
        assertThat(System.getenv()).isNotEmpty();
        Worker worker = start(Commands.shell("read -r job; tr '\\0' ';' < /proc/self/environ >&2; exit 1"));
        Crashed crashed = (Crashed) run(worker, LONG);
        assertThat(crashed.termination().stderr()).doesNotContain("HOME=", "USER=").contains("LC_ALL=C.UTF-8;");
    }
}
