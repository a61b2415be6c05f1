package dev.squares.worker.parent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The last of what a child writes to its standard error. Reads for as long as the child lives, for a child whose pipe is full
 * stands still; keeps no more than a few kilobytes of it.
 */
final class StderrTail {
    private static final int KEPT_BYTES = 4096;

    /** How long the rest of a dead child's words may take to arrive, in milliseconds. */
    private static final long LAST_WORDS_MILLIS = 500;

    private final InputStream stderr;
    private final byte[] ring = new byte[KEPT_BYTES];
    private final Thread reader;
    private long total;

    StderrTail(InputStream stderr, String name) {
        this.stderr = stderr;
        // A platform thread: reading a pipe would hold a virtual thread's carrier anyway.
        this.reader = Thread.ofPlatform().daemon().name(name).start(this::read);
    }

    private void read() {
        byte[] some = new byte[KEPT_BYTES];
        try (stderr) {
            for (int got = stderr.read(some); got != -1; got = stderr.read(some)) {
                keep(some, got);
            }
        } catch (IOException e) {
            // The child is gone and its pipe closed: there is no more to hear.
        }
    }

    private synchronized void keep(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            ring[(int) (total++ % KEPT_BYTES)] = bytes[i];
        }
    }

    /** The last words of a child that has ended; "(empty)" if it had none. */
    String text() throws InterruptedException {
        reader.join(LAST_WORDS_MILLIS);
        synchronized (this) {
            int length = (int) Math.min(total, KEPT_BYTES);
            byte[] inOrder = new byte[length];
            for (int i = 0; i < length; i++) {
                inOrder[i] = ring[(int) ((total - length + i) % KEPT_BYTES)];
            }
            String text = new String(inOrder, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "(empty)" : text;
        }
    }
}
