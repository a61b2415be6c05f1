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

    /** Runs it up to its report, which is next. Waits for the parent's word when all is published, and halfway if it is told to. */
    static void run(ChildMapping file, Job order, OutputStream out, long pid, CommandReader parent)
            throws IOException {
        if (file.count() > Evidence.MAX_COUNT) {
            throw new IllegalArgumentException("a list of " + file.count() + " is too long to be explained");
        }
        ExplainedJob job = new ExplainedJob(file, out, pid);
        job.say(Step.MAPPED, ",\"evidence\":" + file.evidence(pid, true).json());
        job.square(order, parent);
        job.say(Step.PUBLISHED, ",\"evidence\":" + file.evidence(pid, false).json());
        parent.awaitWord();
        job.say(Step.LOOKED_AGAIN, ",\"evidence\":" + file.evidence(pid, false).json());
    }

    private void square(Job order, CommandReader parent) throws IOException {
        Squaring squaring = new Squaring(file, null);
        long half = order.stopsHalfway() ? file.count() / 2 : 0;
        squareTo(half, 0, squaring, order.paceMillis());
        if (order.stopsHalfway()) {
            say(Step.HALFWAY, ",\"written\":" + half);
            parent.awaitWord();
        }
        squareTo(file.count(), half, squaring, order.paceMillis());
        squaring.publish(pid);
    }

    private void squareTo(long end, long from, Squaring squaring, int paceMillis) throws IOException {
        int pageBytes = Evidence.pageSize();
        for (long done = from; done < end;) {
            int length = (int) Math.min(file.squaresInPage(done, pageBytes), end - done);
            squaring.run(done, length);
            done += length;
            say(Step.PROGRESS, ",\"written\":" + done + ",\"pages\":\"" + file.pages(pageBytes) + '"');
            if (paceMillis > 0) {
                rest(paceMillis);
            }
        }
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
