package dev.squares.coordinator.workers;

import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.NoMailboxException;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import dev.squares.worker.parent.ProcessKind;
import dev.squares.worker.parent.ReportReader;
import dev.squares.worker.parent.ShortJob;
import dev.squares.worker.parent.StandIn.Adoption;
import dev.squares.worker.parent.WorkerPool.Origin;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where workers come from. */
public interface Workers {
    /** Who forks them: "own" or "worker-service". */
    String place();

    /**
     * Takes a worker, and waits for one if there is none.
     *
     * @throws NoWorkerAvailableException if none came free in time
     */
    default Lease take(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        return take(kind, 1).getFirst();
    }

    /**
     * Takes several workers, all at once or none, and waits for them.
     *
     * @throws NoWorkerAvailableException if so many did not come free in time, or there are never so many
     */
    List<Lease> take(ProcessKind kind, int workers) throws NoWorkerAvailableException, InterruptedException;

    /** Whether {@link #takeForShortJob} can be done here. */
    default boolean haveMailboxes() {
        return false;
    }

    /** Takes a worker for one short job, as {@link #take} does, perhaps together with others. */
    default Lease takeForShortJob(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        throw new UnsupportedOperationException("no mailboxes are shared with another service");
    }

    /** Whether {@link #takeOrphan} can be done here. */
    default boolean haveOrphans() {
        return false;
    }

    /**
     * Starts a worker whose parent can be killed.
     *
     * @throws NoWorkerAvailableException if it did not start
     */
    default Lease takeOrphan() throws NoWorkerAvailableException, InterruptedException {
        throw new UnsupportedOperationException("another service's workers have their parent there");
    }

    /** What is held of the workers for one request. Closing gives it back. */
    interface Held extends AutoCloseable {
        /** Kills what is held, from another thread, so that its jobs end. What has been given back stays as it is. */
        void cancel();

        @Override
        void close();
    }

    /** Several workers that are held for jobs which belong together. */
    record Team(List<Lease> members) implements Held {
        @Override
        public void cancel() {
            members.forEach(Lease::cancel);
        }

        @Override
        public void close() {
            members.forEach(Lease::close);
        }
    }

    /** A worker that is held for one job. */
    interface Lease extends Held {
        /** Whether the worker is there, as far as is known here. */
        boolean isUsable();

        /** Has this done, by the thread that runs the job, when the job is given to another worker instead: its lease had ended. */
        default void whenReplaced(Runnable told) {}

        /** Where the worker comes from. */
        Origin origin();

        /**
         * Runs a job. Unless it reported, the worker's process is gone when this returns, or throws.
         *
         * @param maxReportBytes the longest report that the job can have
         * @throws IOException if the reader could not keep the report
         */
        Outcome run(Job job, long maxReportBytes, ReportReader reader) throws IOException, InterruptedException;

        /**
         * Runs a short job, as {@link #run(Job, long, ReportReader)} does. For one that was taken for it.
         *
         * @throws NoMailboxException if the worker has no mailbox
         * @throws IOException if the job could not take its report
         */
        default Outcome run(ShortJob job) throws IOException, InterruptedException {
            throw new UnsupportedOperationException("not taken for a short job");
        }

        /**
         * Kills the parent of a worker that comes from {@link #takeOrphan}, and looks who has adopted it. Null if the worker has ended
         * before that could be seen.
         */
        default @Nullable Adoption orphan() {
            throw new UnsupportedOperationException("the worker's parent serves others, too");
        }
    }
}
