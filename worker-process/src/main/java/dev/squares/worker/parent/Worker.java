package dev.squares.worker.parent;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.ParentMailbox;
import dev.squares.worker.memory.SlotJob;
import dev.squares.worker.parent.Outcome.Crashed;
import dev.squares.worker.parent.Outcome.InvalidReport;
import dev.squares.worker.parent.Outcome.Reported;
import dev.squares.worker.parent.Outcome.Termination;
import dev.squares.worker.parent.Outcome.TimedOut;
import dev.squares.worker.parent.WorkerPool.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One child process, seen from its parent: takes a job, gives back its outcome. One job at a time, but for short ones.
 *
 * <p>Whatever happens, a job ends within its deadline and two graces: the deadline asks the child to end, the grace kills it.
 */
final class Worker {
    /** What {@link ExitStatus} has for a process that even SIGKILL has not ended yet: one stuck inside the kernel. */
    private static final int UNKNOWN_EXIT = -1;

    private final Process process;
    private final long forkedAt = System.nanoTime();
    private final StderrTail stderr;
    private final ScheduledExecutorService timer;
    private final Deadline deadline;
    private final Duration killGrace;
    private final OomKills oomKills;
    private final CompletableFuture<Process> exit = new CompletableFuture<>();
    private volatile @Nullable LeaderFollowers mailbox;
    private volatile boolean timedOut;
    private volatile boolean killed;
    /** Of the job that runs. */
    private volatile Duration timeout = Duration.ZERO;

    private Worker(Process process, ScheduledExecutorService timer, Duration killGrace, OomKills oomKills) {
        this.process = process;
        this.timer = timer;
        this.deadline = new Deadline(timer, this::timeOut);
        this.killGrace = killGrace;
        this.oomKills = oomKills;
        this.stderr = new StderrTail(process.getErrorStream(), "worker-" + process.pid() + "-stderr");
        // Not Process.onExit(): it needs the common pool, which is one thread on two cores, and anybody's to block.
        Thread.ofVirtual().name("worker-" + process.pid() + "-exit").start(this::awaitExit);
    }

    private void awaitExit() {
        try {
            process.waitFor();
            deadline.cancel();
            exit.complete(process);
        } catch (InterruptedException e) {
            throw new AssertionError("no code interrupts this thread", e);
        }
    }

    /**
     * Forks a child.
     *
     * @param timer runs the deadlines
     * @param killGrace how long a child may take to end when it is asked to, before it is killed
     * @throws IOException if the system refuses
     */
    static Worker start(
            WorkerCommand command, ScheduledExecutorService timer, Duration killGrace, OomKills oomKills)
            throws IOException {
        Process process = command.start();
        try {
            return new Worker(process, timer, killGrace, oomKills);
        } catch (Throwable e) {
            // Its threads could not be created. The JDK closes its pipes and reaps it.
            process.destroyForcibly();
            throw e;
        }
    }

    long pid() {
        return process.pid();
    }

    /** The processes that it has forked itself. */
    Stream<ProcessHandle> children() {
        return process.children();
    }

    Origin origin() {
        return new Origin(
                pid(),
                ProcessHandle.current().pid(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - forkedAt),
                pidNamespace());
    }

    /** See namespaces(7). Null if it has ended, or this is no Linux. */
    private @Nullable String pidNamespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid()), "ns", "pid")).toString();
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether it can be given a job: it lives, and nobody has asked it to end. */
    boolean isUsable() {
        return process.isAlive() && !killed;
    }

    /** Completes when the process has ended and has been reaped. */
    CompletableFuture<Process> onExit() {
        return exit;
    }

    /**
     * Runs a job. Unless it {@link Reported}, the child is dead when this returns, or throws.
     *
     * @param maxReportBytes the longest report that the job can have
     * @param timeout how long the child may take, report included
     * @throws IOException if the reader could not keep the report
     */
    Outcome run(Job job, long maxReportBytes, Duration timeout, ReportReader reader)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        ReportStream report = new ReportStream(process.getInputStream(), maxReportBytes);
        startDeadline(timeout);
        String problem;
        IOException readersFault = null;
        boolean reported = false;
        try {
            report.requireSilence();
            send(job.line() + "\n");
            if (job.explained()) {
                report.readSteps(reader, () -> send(Job.GO_ON + "\n"));
            }
            reader.read(report);
            report.finish();
            reported = true;
            return new Reported();
        } catch (InvalidReportException e) {
            problem = e.getMessage();
        } catch (IOException e) {
            problem = e.getMessage();
            if (report.isSound()) {
                // Not the child's fault, but half a report in its pipe is of no use to the next job either.
                readersFault = e;
            }
        } finally {
            deadline.stop();
            if (!reported && !report.endedEarly()) {
                kill();
            }
        }
        Outcome end = ended(start, report.endedEarly() ? null : String.valueOf(problem));
        if (readersFault != null) {
            throw readersFault;
        }
        return end;
    }

    /** Tells the child of its mailbox, before anything else. */
    void open(ParentMailbox shared, Path file) {
        LeaderFollowers jobs = new LeaderFollowers(this, shared, process.getInputStream());
        mailbox = jobs;
        exit.thenRun(jobs::exited);
        send(SlotJob.mailboxLine(file) + "\n");
    }

    /** Whether nobody wants the result of any of the short jobs that it has. */
    boolean isUnwanted() {
        LeaderFollowers jobs = mailbox;
        return jobs == null || jobs.isUnwanted();
    }

    /**
     * As {@link #run(Job, long, Duration, ReportReader)}, but of several threads at once.
     *
     * @param cancelled whether nobody wants the job's result any more, see {@link #isUnwanted}
     * @throws NoMailboxException if it has none
     */
    Outcome run(ShortJob job, Duration timeout, BooleanSupplier cancelled) throws IOException, InterruptedException {
        LeaderFollowers jobs = mailbox;
        if (jobs == null) {
            throw new NoMailboxException();
        }
        return jobs.run(job, timeout, cancelled);
    }

    /** The next job has so long from now on. */
    void startDeadline(Duration left) {
        timeout = left;
        deadline.start(left);
    }

    void stopDeadline() {
        deadline.stop();
    }

    /**
     * Waits for its end.
     *
     * @param start when the job began that ends with it
     * @param problem what it said that is no report; null if it has not said any such thing
     */
    Outcome ended(long start, @Nullable String problem) throws InterruptedException {
        Termination termination = awaitEnd(start);
        if (timedOut) {
            return new TimedOut(termination, timeout);
        }
        return problem == null ? new Crashed(termination) : new InvalidReport(termination, problem);
    }

    /** To be called by the reader of the job that runs: it has no longer than this from now on. */
    void hurry(Duration left) {
        if (deadline.shorten(left)) {
            timeout = left;
        }
    }

    /** @param lines with their ends */
    void send(String lines) {
        try {
            OutputStream stdin = process.getOutputStream();
            stdin.write(lines.getBytes(StandardCharsets.UTF_8));
            stdin.flush();
        } catch (IOException e) {
            // It is gone already. The end of its standard output will say so, and its exit code why.
        }
    }

    private void timeOut() {
        timedOut = true;
        killed = true;
        process.toHandle().destroy();
        killAfterGrace();
    }

    /**
     * Ends it with no grace: for a child that cannot be trusted to listen. By its handle, for {@link
     * Process#destroyForcibly()} would close the pipes as well, with its last words in them, and in the middle of a read.
     */
    void kill() {
        killed = true;
        process.toHandle().destroyForcibly();
    }

    /** Asks it to end by closing its standard input, and kills it if it does not. Does not wait. */
    void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // A job that was never flushed, to a child that is gone.
        }
        killAfterGrace();
    }

    private void killAfterGrace() {
        Future<?> kill = timer.schedule(this::kill, killGrace.toNanos(), TimeUnit.NANOSECONDS);
        exit.thenRun(() -> kill.cancel(false));
    }

    ExitStatus exitStatus() {
        return new ExitStatus(process.isAlive() ? UNKNOWN_EXIT : process.exitValue());
    }

    private Termination awaitEnd(long start) throws InterruptedException {
        try {
            // Longer than the grace, after which the deadline's own kill comes.
            if (!process.waitFor(killGrace.multipliedBy(2))) {
                kill();
                process.waitFor(killGrace);
            }
        } catch (InterruptedException e) {
            kill();
            throw e;
        }
        Duration ranFor = Duration.ofNanos(System.nanoTime() - start);
        ExitStatus status = exitStatus();
        boolean outOfMemory = !killed && status.isKill() && oomKills.another();
        return new Termination(pid(), status, killed, outOfMemory, ranFor, stderr.text());
    }
}
