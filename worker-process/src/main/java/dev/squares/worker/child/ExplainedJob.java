package dev.squares.worker.child;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Evidence;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Step;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Squares a page at a time, and says every step with what the kernel says of it. A class of its own: a job that is not explained loads
 * nothing of it.
 */
final class ExplainedJob {
    private final ChildMapping file;
    private final OutputStream out;
    private final long pid;

    private ExplainedJob(ChildMapping file, OutputStream out, long pid) {
        this.file = file;
        this.out = out;
        this.pid = pid;
    }

    /** Runs it up to its report, which is next. Waits for the parent's word when all is published. */
    static void run(ChildMapping file, Job order, OutputStream out, long pid, CommandReader parent)
            throws IOException {
        if (file.count() > Evidence.MAX_COUNT) {
            throw new IllegalArgumentException("a list of " + file.count() + " is too long to be explained");
        }
        ExplainedJob job = new ExplainedJob(file, out, pid);
        job.say(Step.MAPPED, ",\"evidence\":" + file.evidence(pid, true).json());
        job.square(Evidence.pageSize(), order.paceMillis());
        job.say(Step.PUBLISHED, ",\"evidence\":" + file.evidence(pid, false).json());
        parent.awaitWord();
        job.say(Step.LOOKED_AGAIN, ",\"evidence\":" + file.evidence(pid, false).json());
    }

    private void square(int pageBytes, int paceMillis) throws IOException {
        Squaring squaring = new Squaring(file);
        for (long done = 0; done < file.count();) {
            int length = file.squaresInPage(done, pageBytes);
            squaring.run(done, length);
            done += length;
            say(Step.PROGRESS, ",\"written\":" + done + ",\"pages\":\"" + file.pages(pageBytes) + '"');
            rest(paceMillis);
        }
        squaring.publish(pid);
    }

    private static void rest(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        }
    }

    private void say(Step step, String members) throws IOException {
        out.write((step.opening() + members + "}\n").getBytes(StandardCharsets.UTF_8));
    }
}
