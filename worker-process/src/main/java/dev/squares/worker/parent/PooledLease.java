package dev.squares.worker.parent;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Step;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;

/** A lease of one that a {@link WorkerPool} keeps. */
final class PooledLease implements WorkerPool.Lease {
    private static final Duration HALFWAY_TIMEOUT = Duration.ofSeconds(3);

    private final Slot slot;
    private final PoolSettings settings;
    private final PoolEvents events;
    private final Worker worker;
    /** Guarded by this: who kills and who gives back exclude each other. */
    private boolean givenBack;
    private volatile boolean cancelled;

    /** @param slot one that has been leased */
    PooledLease(Slot slot, PoolSettings settings, PoolEvents events) {
        this.slot = slot;
        this.settings = settings;
        this.events = events;
        this.worker = Objects.requireNonNull(slot.worker());
    }

    @Override
    public long pid() {
        return worker.pid();
    }

    @Override
    public boolean isUsable() {
        return worker.isUsable();
    }

    @Override
    public WorkerPool.Origin origin() {
        return worker.origin();
    }

    @Override
    public Outcome run(Job job, long maxReportBytes, ReportReader reader) throws IOException, InterruptedException {
        return worker.run(job, maxReportBytes, settings.timeout(),
                job.stopsHalfway() ? hurriedFromHalfway(reader) : reader);
    }

    /** Of a child that has stopped halfway nobody hopes for a report. */
    private ReportReader hurriedFromHalfway(ReportReader reader) {
        return new ReportReader() {
            @Override
            public void step(Step step, String line) throws IOException, InvalidReportException {
                if (step == Step.HALFWAY) {
                    worker.hurry(HALFWAY_TIMEOUT);
                }
                reader.step(step, line);
            }

            @Override
            public void read(InputStream report) throws IOException, InvalidReportException {
                reader.read(report);
            }
        };
    }

    @Override
    public Outcome run(ShortJob job) throws IOException, InterruptedException {
        return worker.run(job, settings.timeout(), () -> cancelled);
    }

    @Override
    public synchronized void kill() {
        events.requireNoLock();
        cancelled = true;
        if (!givenBack && worker.isUnwanted()) {
            worker.kill();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (givenBack) {
                return;
            }
            givenBack = true;
        }
        boolean usable = worker.isUsable();
        events.happened((pool, now) -> pool.givenBack(slot, usable, now));
    }
}
