package dev.squares.worker.parent;

import dev.squares.worker.memory.Evidence;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MailboxSlot;
import dev.squares.worker.memory.ParentMailbox;
import dev.squares.worker.memory.SlotJob;
import dev.squares.worker.memory.SumMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes what workers start from in half the time: an AOT cache, see JEP 483, 514 and 515. A worker like all others does its work
 * over and over and ends; what it has loaded, linked and counted by then, its JVM puts into the cache, which takes some seconds.
 *
 * <p>Nothing depends on it. Workers start without for as long as there is none, and where none can be made.
 */
public final class AotTraining implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AotTraining.class.getName());

    /** The cache is good for others too. */
    private static final long HEAP_BYTES = 32 << 20;

    /** How often the job is done until all that it takes has been compiled, and counted. */
    private static final int ROUNDS = 800;

    private static final long[] SHORT_LIST = LongStream.rangeClosed(1, 100).toArray();

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Between the end of a training and the start of the next, doubled with every failure. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private static final int MOST_DOUBLINGS = 6;

    private final WorkerCache cache;
    private final int rounds;
    private final Duration pause;
    // All of what follows is guarded by this.
    private Thread thread;
    private @Nullable Process process;
    private long notBefore;
    private int failures;
    private boolean closed;

    /** Begins in the background, unless the cache is there already; and again whenever a worker starts without one. */
    public AotTraining(WorkerCache cache) {
        this(cache, ROUNDS, PAUSE);
    }

    AotTraining(WorkerCache cache, int rounds, Duration pause) {
        this.cache = cache;
        this.rounds = rounds;
        this.pause = pause;
        this.thread = newThread();
        cache.whenAotCacheIsMissing(this::beginAgain);
        thread.start();
    }

    private Thread newThread() {
        return Thread.ofVirtual().name("aot-training").unstarted(this::run);
    }

    /** One at a time, and not one after the other where they all fail, or what they make is taken away at once. */
    private synchronized void beginAgain() {
        if (!closed && !thread.isAlive() && System.nanoTime() - notBefore >= 0) {
            thread = newThread();
            thread.start();
        }
    }

    private synchronized void ended(boolean failed) {
        failures = failed ? Math.min(failures + 1, MOST_DOUBLINGS) : 0;
        notBefore = System.nanoTime() + (pause.toNanos() << failures);
    }

    /**
     * Makes the cache ahead of a service's first start, for an image: {@code <cache directory>}.
     *
     * @throws IOException if it could not be made
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (WorkerCache cache = new WorkerCache(Path.of(args[0])); AotTraining training = new AotTraining(cache)) {
            training.join();
            if (!Files.exists(cache.aotCache(cache.classPath()))) {
                throw new IOException("no AOT cache was made");
            }
        }
    }

    /** Waits for the end, good or bad. */
    public void join() throws InterruptedException {
        current().join();
    }

    private synchronized Thread current() {
        return thread;
    }

    private void run() {
        try {
            Path classPath = cache.classPath();
            if (Files.isDirectory(classPath)) {
                LOG.log(Level.INFO, "workers start without an AOT cache, which is for a jar and not for " + classPath);
                return;
            }
            Path aotCache = cache.aotCache(classPath);
            if (!Files.exists(aotCache)) {
                train(classPath, aotCache);
                ended(false);
            }
        } catch (IOException e) {
            ended(true);
            if (!isClosed()) {
                LOG.log(Level.WARNING, "workers start without an AOT cache: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            throw new AssertionError("no code interrupts this thread", e);
        }
    }

    private void train(Path classPath, Path aotCache) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Path unfinished = aotCache.resolveSibling(WorkerCache.unfinished());
        Path sliced = Path.of(unfinished + ".sliced");
        Path mailbox = Path.of(unfinished + ".mailbox");
        try {
            List<Job> jobs = jobs(sliced);
            String output = "-XX:AOTCacheOutput=" + unfinished;
            work(WorkerCommand.java(classPath, HEAP_BYTES, WorkerCommand.TRAINING_MAIN, output), rounds, jobs, mailbox);
            // Once with it, before others may.
            String input = "-XX:AOTCache=" + unfinished;
            work(WorkerCommand.java(classPath, HEAP_BYTES, WorkerCommand.MAIN, input), 1, jobs, mailbox);
            Files.move(unfinished, aotCache, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
            Files.deleteIfExists(sliced);
            // The JVM's own, on the way.
            Files.deleteIfExists(Path.of(unfinished + ".config"));
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        LOG.log(Level.INFO, "workers start from an AOT cache from now on; it took " + millis + " ms to make");
    }

    /** One of each kind that a client can ask for. */
    private List<Job> jobs(Path sliced) throws IOException {
        Job job = cache.warmUp();
        List<Job> jobs = new ArrayList<>();
        for (Job.View view : Job.View.values()) {
            jobs.add(new Job(job.file(), job.mapping(), view));
        }
        WorkerCache.writeList(sliced, 1);
        for (SumMode sum : SumMode.values()) {
            jobs.add(new Job(sliced, job.mapping(), Job.View.SUMMARY, new Job.Slice(0, sum)));
        }
        return jobs;
    }

    private void work(WorkerCommand command, int rounds, List<Job> jobs, Path mailboxFile)
            throws IOException, InterruptedException {
        Process worker = start(command);
        StderrTail stderr = new StderrTail(worker.getErrorStream(), "aot-training-stderr");
        try (ParentMailbox mailbox = ParentMailbox.create(mailboxFile)) {
            explain(worker);
            send(SlotJob.mailboxLine(mailboxFile), worker);
            for (int round = 0; round < rounds; round++) {
                for (Job job : jobs) {
                    run(job.line(), worker);
                }
                for (Job.View view : Job.View.values()) {
                    try (MailboxSlot _ = mailbox.put(0, SHORT_LIST)) {
                        run(new SlotJob(0, Job.Mapping.SHARED, view).line(), worker);
                    }
                }
            }
            worker.getOutputStream().close();
            if (!worker.waitFor(LIMIT)) {
                throw new IOException("not done after " + LIMIT);
            }
        } catch (IOException | InvalidReportException e) {
            kill(worker);
            worker.waitFor();
            throw new IOException(e.getMessage() + "; stderr: " + stderr.text(), e);
        }
        if (worker.exitValue() != 0) {
            throw new IOException("ended with exit code " + worker.exitValue() + "; stderr: " + stderr.text());
        }
    }

    /** Once: what such a job takes besides is to be in the cache, and need not be compiled. */
    private void explain(Process worker) throws IOException, InvalidReportException {
        if (!Evidence.canBeRead()) {
            return;
        }
        Job job = cache.warmUp();
        send(new Job(job.file(), job.mapping(), job.view(), true, 0, false, null).line(), worker);
        ReportStream report = new ReportStream(worker.getInputStream(), Long.MAX_VALUE);
        report.readSteps(new ReportReader() {
            @Override
            public void step(Job.Step step, String line) {
                // Nobody has asked.
            }

            @Override
            public void read(InputStream line) {
                // Nor for the report.
            }
        }, () -> send(Job.GO_ON, worker));
        report.finish();
    }

    private static void run(String job, Process worker) throws IOException {
        send(job, worker);
        new ReportStream(worker.getInputStream(), Long.MAX_VALUE).finish();
    }

    private static void send(String line, Process worker) throws IOException {
        OutputStream stdin = worker.getOutputStream();
        stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        stdin.flush();
    }

    private synchronized Process start(WorkerCommand command) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        process = command.start();
        return process;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** The JVM that puts the cache together is a child of the one that was trained. */
    private static void kill(Process worker) {
        List<ProcessHandle> children = worker.descendants().toList();
        worker.toHandle().destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Gives up what is not finished, and waits until nothing is left of it. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (process != null) {
                kill(process);
            }
        }
        try {
            join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
