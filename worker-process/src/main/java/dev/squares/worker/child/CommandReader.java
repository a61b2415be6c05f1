package dev.squares.worker.child;

import dev.squares.worker.memory.Job;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parent's lines and runs them, one at a time and in order, and never lets the parent out of sight for long. The end of
 * standard input means that the parent is gone, or wants this process gone: it halts at once. {@link Runtime#halt} and not
 * {@link System#exit}, for there is nothing to tidy up and exiting takes ten times as long.
 *
 * <p>It is run by two threads. The thread that reads a line runs it, and reads on: to wake another thread, be it to hand the job over or
 * to have it read meanwhile, is more work than a short job is. The other thread looks now and then whether a job lasts, and only
 * then takes the reading over, so that the end is seen in the middle of a long job as well.
 */
final class CommandReader implements Runnable {
    /** Between two looks, while there are jobs; after two at most the end of standard input is seen. Nobody looks after none. */
    private static final long LOOK_MILLIS = 10;

    private final LineReader lines;
    private final BiConsumer<String, CommandReader> job;
    private final Runnable pause;
    // All of what follows is guarded by this.
    /** Who reads, or is on the job that it has read and will read on. */
    private @Nullable Thread reader;
    private boolean working;
    /** Whether a line has been read whose job waits for the end of the one before. */
    private boolean next;
    private long jobs;
    private boolean dozing;
    /** Whether the parent has given its word to the job that runs. */
    private boolean word;

    /**
     * @param job what is done with a line, in the thread that has read it
     * @param pause what is done behind a job if no other line has come by then
     */
    CommandReader(InputStream stdin, BiConsumer<String, CommandReader> job, Runnable pause) {
        this.lines = new LineReader(stdin);
        this.job = job;
        this.pause = pause;
    }

    @Override
    public void run() {
        try {
            while (true) {
                awaitTurn();
                String line = nextLine();
                if (line.equals(Job.GO_ON)) {
                    giveWord();
                    continue;
                }
                begin();
                job.accept(line, this);
                if (!isFollowed()) {
                    pause.run();
                }
                end();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("no code interrupts these threads", e);
        }
    }

    private synchronized void awaitTurn() throws InterruptedException {
        Thread me = Thread.currentThread();
        if (reader == null) {
            reader = me;
        }
        while (reader != me) {
            long before = jobs;
            wait(LOOK_MILLIS);
            if (jobs != before) {
                continue;
            }
            if (working) {
                reader = me;
            } else {
                dozing = true;
                while (jobs == before) {
                    wait();
                }
                dozing = false;
            }
        }
    }

    /** Waits for the end of the job before, if there is one. */
    private synchronized void begin() throws InterruptedException {
        next = true;
        while (working) {
            wait();
        }
        next = false;
        working = true;
        word = false;
        jobs++;
        if (dozing) {
            notifyAll();
        }
    }

    private synchronized boolean isFollowed() {
        // What the other thread is reading, it alone knows.
        return next || reader == Thread.currentThread() && lines.hasNext();
    }

    private synchronized void end() {
        working = false;
        if (reader != Thread.currentThread()) {
            notifyAll();
        }
    }

    private synchronized void giveWord() {
        word = true;
        notifyAll();
    }

    /** Waits, in the middle of a job, for the parent's word. The other thread has taken the reading over by then, or will. */
    synchronized void awaitWord() {
        try {
            while (!word) {
                wait();
            }
            word = false;
        } catch (InterruptedException e) {
            throw new AssertionError("no code interrupts these threads", e);
        }
    }

    private String nextLine() {
        String line = null;
        try {
            line = lines.next();
        } catch (IOException e) {
            // Nothing can be heard of the parent any more, which is the same as its end.
        } finally {
            // Also after an error, such as a line that takes more than the heap: nobody would be watching any more.
            if (line == null) {
                Runtime.getRuntime().halt(0);
            }
        }
        return Objects.requireNonNull(line, "halted");
    }
}
