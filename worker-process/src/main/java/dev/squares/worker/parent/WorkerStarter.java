package dev.squares.worker.parent;

import dev.squares.worker.memory.ParentMailbox;
import dev.squares.worker.parent.Slot.EndReason;
import dev.squares.worker.parent.WorkerPool.CommandSource;
import dev.squares.worker.parent.WorkerPool.StartListener;
import dev.squares.worker.parent.WorkerPool.WarmUp;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Forks the processes of a pool, has them do their warm-up jobs, and says what became of that: whatever is thrown meanwhile, it is
 * said, and no process is left that the pool does not know of.
 */
final class WorkerStarter implements Effects.Processes {
    private static final Logger LOG = System.getLogger(WorkerPool.class.getName());
    private static final long STACK_BYTES = 512 << 10;
    /** As many numbers as most requests have. */
    private static final int FEW = 4;

    private final CommandSource commands;
    private final WarmUp warmUp;
    private final MailboxFiles mailboxes;
    private final PoolSettings settings;
    private final StartListener listener;
    private final ScheduledExecutorService timer;
    private final PoolEvents events;
    private final OomKills oomKills = OomKills.ofThisProcess();

    WorkerStarter(
            CommandSource commands, WarmUp warmUp, MailboxFiles mailboxes, PoolSettings settings,
            StartListener listener,
            ScheduledExecutorService timer, PoolEvents events) {
        this.commands = commands;
        this.warmUp = warmUp;
        this.mailboxes = mailboxes;
        this.settings = settings;
        this.listener = listener;
        this.timer = timer;
        this.events = events;
    }

    /** Forks a process and has it do its first job, in the background. */
    @Override
    public void start(Slot slot) {
        try {
            startThread("worker-start", () -> {
                long start = System.nanoTime();
                String failure = forkAndRunFirstJob(slot);
                tell(start, failure == null);
                started(slot, failure);
            });
        } catch (Throwable e) {
            started(slot, reason(e));
        }
    }

    private void started(Slot slot, @Nullable String failure) {
        events.happened((state, now) -> state.started(slot, failure, now));
    }

    /** Has one do more warm-up jobs, in the background. */
    @Override
    public void warmUp(Slot slot, Worker worker, int jobs) {
        try {
            startThread("worker-warm-up", () -> warmedUp(slot, warmUpWhileNobodyWaits(worker, jobs)));
        } catch (Throwable e) {
            worker.kill();
            warmedUp(slot, reason(e));
        }
    }

    /** With jobs as long as short lists are, in whose loops the compiler sees soon what is worth its time. */
    private @Nullable String warmUpWhileNobodyWaits(Worker worker, int jobs) {
        String failure = null;
        for (int i = 0; i < jobs && failure == null && !events.isAnybodyWaiting(); i++) {
            failure = failureOf(worker, () -> runShortJob(worker, ParentMailbox.MAX_COUNT));
        }
        return failure;
    }

    private void warmedUp(Slot slot, @Nullable String failure) {
        events.happened((state, now) -> state.warmedUp(slot, failure, now));
    }

    private void exited(Slot slot, Worker worker) {
        String how = "pid=" + worker.pid() + " exitCode=" + worker.exitStatus().code();
        events.happened((state, now) -> state.exited(slot, how, now));
    }

    /**
     * A platform thread: what blocks in the system, as a fork and the reading of a pipe do, has the scheduler of virtual threads
     * create a thread in its place, and throws where none can be created.
     */
    private static void startThread(String name, Runnable task) {
        Thread.ofPlatform().daemon().name(name).stackSize(STACK_BYTES).start(task);
    }

    /** Returns what went wrong, if anything did. */
    private @Nullable String forkAndRunFirstJob(Slot slot) {
        Worker worker;
        try {
            worker = Worker.start(commands.command(slot.startedFor()), timer, settings.killGrace(), oomKills);
        } catch (Throwable e) {
            return reason(e);
        }
        try {
            worker.onExit().thenRun(() -> exited(slot, worker));
            events.happened((state, _) -> state.forked(slot, worker));
        } catch (Throwable e) {
            worker.kill();
            return reason(e);
        }
        String failure = openMailbox(worker);
        return failure == null ? failureOf(worker, () -> runWarmUpJob(worker)) : failure;
    }

    /** Gives it a mailbox, if there is room for one, and has it do a job there. Returns what went wrong with the job. */
    private @Nullable String openMailbox(Worker worker) {
        Path file;
        ParentMailbox mailbox;
        try {
            file = mailboxes.newFile();
            mailbox = ParentMailbox.create(file);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a worker without a mailbox", e);
            return null;
        }
        try {
            return failureOf(worker, () -> {
                worker.open(mailbox, file);
                return runShortJob(worker, FEW);
            });
        } finally {
            mailbox.deleteName();
        }
    }

    private Outcome runShortJob(Worker worker, int count) throws IOException, InterruptedException {
        try {
            return worker.run(new WarmUpShortJob(count), settings.startTimeout(), () -> false);
        } catch (NoMailboxException e) {
            return runWarmUpJob(worker);
        }
    }

    private Outcome runWarmUpJob(Worker worker) throws IOException, InterruptedException {
        return worker.run(warmUp.job(), Long.MAX_VALUE, settings.startTimeout(),
                report -> report.transferTo(OutputStream.nullOutputStream()));
    }

    /** Null if the job is reported. A worker whose job fails in the parent is killed. */
    private static @Nullable String failureOf(Worker worker, Callable<Outcome> job) {
        try {
            Outcome outcome = job.call();
            return outcome instanceof Outcome.Reported ? null : outcome.toString();
        } catch (Throwable e) {
            worker.kill();
            return reason(e);
        }
    }

    @Override
    public void end(Worker worker, EndReason reason) {
        LOG.log(Level.DEBUG, () -> "ends: pid=" + worker.pid() + " reason=" + reason);
        worker.end();
    }

    @Override
    public void kill(Worker worker) {
        worker.kill();
    }

    @Override
    public void pausing(String reason, long nanos) {
        LOG.log(Level.WARNING, () -> reason + "; next start in " + Duration.ofNanos(nanos).toMillis() + " ms");
    }

    private void tell(long start, boolean succeeded) {
        try {
            listener.onStart(Duration.ofNanos(System.nanoTime() - start), succeeded);
        } catch (Throwable e) {
            LOG.log(Level.WARNING, "a listener failed", e);
        }
    }

    private static String reason(Throwable e) {
        return e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
    }
}
