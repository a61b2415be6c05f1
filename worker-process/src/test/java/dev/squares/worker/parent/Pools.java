package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.Outcome.Reported;
import dev.squares.worker.parent.WorkerPool.Lease;
import dev.squares.worker.testing.NoChildLeft;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** What the tests of the pool do over and over. */
final class Pools {
    private static final long REPORT_BYTES = 1000;

    private Pools() {}

    /** A job for {@link Commands#quick()}. */
    static Job job(String name) {
        return new Job(Path.of(name), Job.Mapping.PRIVATE, Job.View.SUMMARY);
    }

    /** A pool of quick workers. */
    static WorkerPool quick(PoolSettings settings) {
        return of(Commands.quick(), settings);
    }

    /** A pool of workers to whom every job is alike. */
    static WorkerPool of(WorkerCommand command, PoolSettings settings) {
        return of(command, () -> job("warm-up"), settings);
    }

    static WorkerPool of(WorkerCommand command, WorkerPool.WarmUp warmUp, PoolSettings settings) {
        return new WorkerPool(_ -> command, warmUp, MailboxFiles.NONE, settings, (_, _) -> {});
    }

    static Outcome run(Lease lease, Job job) throws Exception {
        return lease.run(job, REPORT_BYTES, new JsonLine());
    }

    static Outcome run(Lease lease) throws Exception {
        return run(lease, job("list"));
    }

    /** Serves one request, and returns the pid of the worker that did. */
    static long serve(WorkerPool pool, ProcessKind kind) throws Exception {
        try (Lease lease = pool.take(kind)) {
            JsonLine report = new JsonLine();
            assertThat(lease.run(job("list"), REPORT_BYTES, report)).isEqualTo(new Reported());
            assertThat(report.text()).startsWith("{\"pid\":" + lease.pid());
            return lease.pid();
        }
    }

    /** Waits until so many stand idle and nothing else goes on. */
    static void awaitIdle(WorkerPool pool, int idle) {
        await().pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            assertThat(pool.status()).isEqualTo(new WorkerPool.Status(idle, 0, 0, 0, false, true));
            assertThat(pids()).hasSize(idle);
        });
    }

    /** The pids of all children, as the system has them. */
    static Set<Long> pids() {
        return NoChildLeft.children().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    }
}
