package dev.squares.coordinator.workers;

import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import dev.squares.worker.parent.ProcessKind;
import dev.squares.worker.parent.ReportReader;
import dev.squares.worker.parent.ShortJob;
import dev.squares.worker.parent.StandIn;
import dev.squares.worker.parent.StandIn.Adoption;
import dev.squares.worker.parent.WorkerPool;
import dev.squares.worker.parent.WorkerPool.Origin;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Workers that are this process's own children. */
final class ForkedWorkers implements Workers {
    /** Orphans become children of this process. A JVM does not reap those that it has not forked. */
    private static final long INIT = 1;

    private final WorkerPool pool;
    private final boolean mailboxes;

    /** @param mailboxes whether its workers have any */
    ForkedWorkers(WorkerPool pool, boolean mailboxes) {
        this.pool = pool;
        this.mailboxes = mailboxes;
    }

    @Override
    public String place() {
        return "own";
    }

    @Override
    public boolean haveOrphans() {
        return ProcessHandle.current().pid() != INIT;
    }

    @Override
    public Lease takeOrphan() throws NoWorkerAvailableException, InterruptedException {
        StandIn worker = pool.startBehindStandIn();
        return new OwnLease(worker) {
            @Override
            public @Nullable Adoption orphan() {
                return worker.orphan();
            }
        };
    }

    @Override
    public List<Lease> take(ProcessKind kind, int workers) throws NoWorkerAvailableException, InterruptedException {
        return pool.take(kind, workers).stream().<Lease>map(OwnLease::new).toList();
    }

    @Override
    public boolean haveMailboxes() {
        return mailboxes;
    }

    @Override
    public Lease takeForShortJob(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        return new OwnLease(pool.takeForShortJob(kind));
    }

    private static class OwnLease implements Lease {
        private final WorkerPool.Lease worker;

        OwnLease(WorkerPool.Lease worker) {
            this.worker = worker;
        }

        @Override
        public boolean isUsable() {
            return worker.isUsable();
        }

        @Override
        public Origin origin() {
            return worker.origin();
        }

        @Override
        public Outcome run(Job job, long maxReportBytes, ReportReader reader)
                throws IOException, InterruptedException {
            return worker.run(job, maxReportBytes, reader);
        }

        @Override
        public Outcome run(ShortJob job) throws IOException, InterruptedException {
            return worker.run(job);
        }

        @Override
        public void cancel() {
            worker.kill();
        }

        @Override
        public void close() {
            worker.close();
        }
    }
}
