package dev.squares.coordinator.workers;

import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import dev.squares.worker.parent.ProcessKind;
import dev.squares.worker.parent.ReportReader;
import dev.squares.worker.parent.WorkerPool;
import dev.squares.worker.parent.WorkerPool.Origin;
import java.io.IOException;

/** Workers that are this process's own children. */
final class ForkedWorkers implements Workers {
    private final WorkerPool pool;

    ForkedWorkers(WorkerPool pool) {
        this.pool = pool;
    }

    @Override
    public String place() {
        return "own";
    }

    @Override
    public Lease take(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        WorkerPool.Lease lease = pool.take(kind);
        return new Lease() {
            @Override
            public boolean isUsable() {
                return lease.isUsable();
            }

            @Override
            public Origin origin() {
                return lease.origin();
            }

            @Override
            public Outcome run(Job job, long maxReportBytes, ReportReader reader)
                    throws IOException, InterruptedException {
                return lease.run(job, maxReportBytes, reader);
            }

            @Override
            public void cancel() {
                lease.kill();
            }

            @Override
            public void close() {
                lease.close();
            }
        };
    }
}
