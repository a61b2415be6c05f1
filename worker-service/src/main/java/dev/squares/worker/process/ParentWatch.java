package dev.squares.worker.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.SynchronousQueue;

/**
 * Reads the parent's lines, in a thread of its own, so that the end of standard input is seen even in the middle of a job.
 * That end means that the parent is gone, or wants this process gone: it halts at once. {@link Runtime#halt} and not
 * {@link System#exit}, for there is nothing to tidy up and exiting takes ten times as long.
 */
final class ParentWatch extends Thread {
    private final BufferedReader lines;
    private final SynchronousQueue<String> next = new SynchronousQueue<>();

    ParentWatch(InputStream stdin) {
        super("parent-watch");
        setDaemon(true);
        lines = new BufferedReader(new InputStreamReader(stdin, StandardCharsets.UTF_8));
    }

    @Override
    public void run() {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                next.put(line);
            }
        } catch (IOException | InterruptedException e) {
            // Nothing can be heard of the parent any more, which is the same as its end.
        } finally {
            // Also after an error, such as a line that takes more than the heap: nobody would be watching any more.
            Runtime.getRuntime().halt(0);
        }
    }

    String nextLine() throws InterruptedException {
        return next.take();
    }
}
