package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.parent.Outcome.Crashed;
import dev.squares.worker.parent.Outcome.InvalidReport;
import dev.squares.worker.parent.Outcome.Reported;
import dev.squares.worker.parent.Outcome.TimedOut;
import dev.squares.worker.parent.WorkerPool.Lease;
import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import dev.squares.worker.testing.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pool, the cache and the real worker process together: what the coordinator uses. */
@ExtendWith(NoChildLeft.class)
class RealWorkersTest {
    private static final long REPORT_BYTES = 10_000_000;

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    private WorkerCache cache;
    private Job small;
    private Job large;

    @BeforeEach
    void makeFiles() throws IOException {
        cache = new WorkerCache(directory.resolve("cache"));
        small = job("small", LongStream.rangeClosed(1, 4));
        // The report is longer than a pipe holds: the child is in the middle of it for as long as nobody reads.
        large = job("large", LongStream.range(0, 200_000));
    }

    private Job job(String name, LongStream inputs) throws IOException {
        return new Job(MappedFiles.create(directory.resolve(name), inputs), Job.Mapping.SHARED, Job.View.FULL);
    }

    private WorkerPool pool(PoolSettings settings) throws IOException {
        return new WorkerPool(_ -> WorkerCommand.java(cache.classPath(), 32 << 20), cache::warmUp, MailboxFiles.NONE,
                settings,
                (_, _) -> {});
    }

    private void assertServed(WorkerPool pool, ProcessKind kind) throws Exception {
        try (Lease lease = pool.take(kind); ParentMapping parent = ParentMapping.open(small.file())) {
            JsonLine report = new JsonLine();
            assertThat(lease.run(small, REPORT_BYTES, report)).isEqualTo(new Reported());
            assertThat(report.text())
                    .isEqualTo("{\"pid\":" + lease.pid() + ",\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}");
            assertThat(parent.isDone()).isTrue();
            assertThat(parent.childPid()).isEqualTo(lease.pid());
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsAreServed(ProcessKind kind) throws Exception {
        try (WorkerPool pool = pool(Settings.of(1, 1))) {
            for (int request = 0; request < 3; request++) {
                assertServed(pool, kind);
            }
        }
    }

    @Test
    void signalInTheMiddleOfAJobIsNamedAndTheNextRequestIsRight() throws Exception {
        try (WorkerPool pool = pool(Settings.of(1, 1))) {
            Crashed killed = (Crashed) runAndSend(pool, "KILL");
            assertThat(killed.termination().signal()).startsWith("SIGKILL, ");
            assertThat(killed.termination().killed()).isFalse();
            assertServed(pool, ProcessKind.FRESH);

            Crashed terminated = (Crashed) runAndSend(pool, "TERM");
            assertThat(terminated.termination().signal()).startsWith("SIGTERM, ");
            assertThat(terminated.termination().killed()).isFalse();
            assertServed(pool, ProcessKind.POOLED);
        }
    }

    @Test
    void crashOfTheJvmItselfIsNoReport() throws Exception {
        try (WorkerPool pool = pool(Settings.of(1, 1))) {
            Outcome ending = runAndSend(pool, "SEGV");
            // The JVM prints on standard output then, whatever it is told.
            assertThat(ending).isInstanceOfAny(Crashed.class, InvalidReport.class);
            assertServed(pool, ProcessKind.POOLED);
        }
    }

    /** Sends a signal to a worker that is in the middle of its report. */
    private Outcome runAndSend(WorkerPool pool, String signal) throws Exception {
        try (Lease lease = pool.take(ProcessKind.POOLED)) {
            CountDownLatch sent = new CountDownLatch(1);
            CountDownLatch begun = new CountDownLatch(1);
            var running = Background.run(() -> lease.run(large, REPORT_BYTES, report -> {
                assertThat(report.read()).isEqualTo('{');
                begun.countDown();
                await().until(() -> sent.getCount() == 0);
                String rest = new String(report.readAllBytes(), StandardCharsets.US_ASCII);
                if (!rest.endsWith("]}")) {
                    throw new InvalidReportException("not JSON to its end");
                }
            }));
            begun.await();
            Signals.send(signal, lease.pid());
            // As long as its report is read, a JVM that is told to end may come to the report's end first. One that crashes
            // wants its own words to be read.
            if (!signal.equals("SEGV")) {
                await().until(() -> ProcessHandle.of(lease.pid()).isEmpty());
            }
            sent.countDown();
            assertThat(running).succeedsWithin(Settings.LONG);
            assertThat(ProcessHandle.of(lease.pid())).isEmpty();
            return running.join();
        }
    }

    @Test
    void stoppedWorkerTimesOutAndTheNextRequestIsRight() throws Exception {
        try (WorkerPool pool = pool(Settings.withTimeout(Settings.of(1, 1), Duration.ofSeconds(2)))) {
            try (Lease lease = pool.take(ProcessKind.POOLED)) {
                Signals.stop(lease.pid());
                TimedOut timedOut = (TimedOut) lease.run(small, REPORT_BYTES, new JsonLine());
                assertThat(timedOut.termination().killed()).isTrue();
                assertThat(timedOut.termination().signal()).startsWith("SIGKILL, ");
            }
            assertServed(pool, ProcessKind.POOLED);
        }
    }

    @Test
    void readerThatGivesUpInTheMiddleOfAReportCostsOneWorker() throws Exception {
        try (WorkerPool pool = pool(Settings.of(1, 1))) {
            try (Lease lease = pool.take(ProcessKind.POOLED)) {
                assertThatIOException()
                        .isThrownBy(() -> lease.run(large, REPORT_BYTES, report -> {
                            report.read();
                            throw new IOException("the client is gone");
                        }))
                        .withMessage("the client is gone");
                assertThat(ProcessHandle.of(lease.pid())).isEmpty();
            }
            assertServed(pool, ProcessKind.POOLED);
        }
    }
}
