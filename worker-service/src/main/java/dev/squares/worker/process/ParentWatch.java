package dev.squares.worker.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Reads the parent's lines and runs them, one at a time and in order, and never lets the parent out of sight: it is run by two
 * threads, and while one is on a job the other reads already. So the end of standard input is seen even in the middle of a job.
 * That end means that the parent is gone, or wants this process gone: it halts at once. {@link Runtime#halt} and not
 * {@link System#exit}, for there is nothing to tidy up and exiting takes ten times as long.
 *
 * <p>Who has read a line runs it: to hand it to another thread would be one more wake-up on the way of every job.
 */
final class ParentWatch implements Runnable {
    private final BufferedReader lines;
    private final Consumer<String> job;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock working = new ReentrantLock();

    ParentWatch(InputStream stdin, Consumer<String> job) {
        lines = new BufferedReader(new InputStreamReader(stdin, StandardCharsets.UTF_8));
        this.job = job;
    }

    @Override
    public void run() {
        while (true) {
            reading.lock();
            String line = nextLine();
            // Before the other reads on, or its line could be worked on first.
            working.lock();
            reading.unlock();
            job.accept(line);
            working.unlock();
        }
    }

    private String nextLine() {
        String line = null;
        try {
            line = lines.readLine();
        } catch (IOException e) {
            // Nothing can be heard of the parent any more, which is the same as its end.
        } finally {
            // Also after an error, such as a line that takes more than the heap: nobody would be watching any more.
            if (line == null) {
                Runtime.getRuntime().halt(0);
            }
        }
        return line;
    }
}
