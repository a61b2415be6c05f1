package dev.squares.worker.child;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads lines, and knows without a system call whether another has come with the last. */
final class LineReader {
    private static final int FIRST_BYTES = 1024;

    private final InputStream in;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int at;
    private int end;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** Whether there is a line already. */
    boolean hasNext() {
        return lineEnd(at) < end;
    }

    /** The next line, without its end; null behind the last. Half a line at the end is none. */
    @Nullable
    String next() throws IOException {
        int lineEnd = lineEnd(at);
        while (lineEnd == end) {
            int waiting = end - at;
            if (!readMore()) {
                return null;
            }
            lineEnd = lineEnd(at + waiting);
        }
        String line = new String(bytes, at, lineEnd - at, StandardCharsets.UTF_8);
        at = lineEnd + 1;
        return line;
    }

    private int lineEnd(int from) {
        int next = from;
        while (next < end && bytes[next] != '\n') {
            next++;
        }
        return next;
    }

    private boolean readMore() throws IOException {
        if (at > 0) {
            System.arraycopy(bytes, at, bytes, 0, end - at);
            end -= at;
            at = 0;
        }
        if (end == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * end);
        }
        int got = in.read(bytes, end, bytes.length - end);
        end += Math.max(got, 0);
        return got > 0;
    }
}
