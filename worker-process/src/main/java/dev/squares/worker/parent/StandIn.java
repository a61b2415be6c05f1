package dev.squares.worker.parent;

import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.WorkerPool.CommandSource;
import dev.squares.worker.parent.WorkerPool.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A worker whose parent is not this process but one in between, which can be killed: then the worker is an orphan, and another process
 * adopts it. Its standard input is this process's other end of a pipe all the while, so that it ends with this process as any other
 * worker does. For one job, and outside any pool.
 */
public final class StandIn implements WorkerPool.Lease {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

    private final Worker standIn;
    private final ProcessHandle child;
    private final PoolSettings settings;

    private StandIn(Worker standIn, ProcessHandle child, PoolSettings settings) {
        this.standIn = standIn;
        this.child = child;
        this.settings = settings;
    }

    /** Starts both processes. */
    static StandIn start(CommandSource commands, PoolSettings settings, ScheduledExecutorService timer)
            throws IOException, InterruptedException {
        Worker standIn = Worker.start(commands.command(ProcessKind.FRESH).behindStandIn(), timer, settings.killGrace(),
                OomKills.ofThisProcess());
        ProcessHandle child = null;
        try {
            child = awaitChild(standIn, settings);
            return new StandIn(standIn, child, settings);
        } finally {
            if (child == null) {
                // If there is one after all, it sees the end of its input.
                standIn.end();
                standIn.kill();
            }
        }
    }

    private static ProcessHandle awaitChild(Worker standIn, PoolSettings settings)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + settings.startTimeout().toNanos();
        while (standIn.isUsable() && System.nanoTime() < end) {
            Optional<ProcessHandle> child = standIn.children().findFirst();
            if (child.isPresent()) {
                return child.get();
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        throw new IOException("it forked no child");
    }

    @Override
    public long pid() {
        return child.pid();
    }

    /** It comes from the process in between. */
    @Override
    public Origin origin() {
        Origin of = standIn.origin();
        return new Origin(child.pid(), of.pid(), of.forkedMillisAgo(), of.pidNamespace());
    }

    @Override
    public boolean isUsable() {
        return child.isAlive();
    }

    /** What becomes of an orphan is its new parent's to know. */
    @Override
    public Outcome run(Job job, long maxReportBytes, ReportReader reader) throws IOException, InterruptedException {
        Outcome outcome = standIn.run(job, maxReportBytes, settings.timeout(), reader);
        if (outcome instanceof Outcome.Reported) {
            return outcome;
        }
        return new Outcome.Lost(child.pid(),
                "its parent was killed, and the process that adopted it has its exit code");
    }

    /**
     * Who has adopted an orphan.
     *
     * @param pid the orphan
     * @param ppid its parent now
     * @param adoptedBy that process's name, see proc_pid_comm(5); null where it cannot be seen
     */
    public record Adoption(long pid, long ppid, @Nullable String adoptedBy) {}

    /** Kills the worker's parent, and looks who is its parent then. Null if the worker has ended before that could be seen. */
    public @Nullable Adoption orphan() {
        standIn.kill();
        // Reaped, and with that its child has its new parent.
        standIn.onExit().join();
        ProcessHandle parent = child.parent().orElse(null);
        return parent == null ? null : new Adoption(child.pid(), parent.pid(), name(parent));
    }

    private static @Nullable String name(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm")).strip();
        } catch (IOException e) {
            // This is no Linux.
            return null;
        }
    }

    /** As it ends when its parent is gone: it sees the end of its input. */
    @Override
    public void kill() {
        standIn.end();
    }

    /** No process is left, and none is waited for. */
    @Override
    public void close() {
        standIn.end();
        standIn.kill();
        child.destroyForcibly();
    }
}
