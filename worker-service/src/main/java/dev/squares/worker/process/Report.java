package dev.squares.worker.process;

import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the child prints: one line of JSON, {@code {"pid":4242,"count":4,"sum":30,"squares":[1,4,9,16]}}, read from the child's
 * own mapping. Encoded by hand, for a JSON library would be most of the child's start.
 */
final class Report {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LONGEST_LONG = 20;

    /** Squares that are looked at in one piece. */
    private static final int BLOCK = 8192;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;

    Report(OutputStream out) {
        this.out = out;
    }

    void write(MappedFile file, View view, long pid) throws IOException {
        text("{\"pid\":" + pid + ",\"count\":" + file.count() + ",\"sum\":" + file.sum());
        if (view == View.FULL) {
            text(",\"squares\":[");
            squares(file);
            text("]");
        }
        text("}\n");
        flush();
    }

    private void squares(MappedFile file) throws IOException {
        long count = file.count();
        for (long from = 0; from < count; from += BLOCK) {
            LongBuffer squares = file.squares(from, (int) Math.min(BLOCK, count - from));
            while (squares.hasRemaining()) {
                if (length > BUFFER_BYTES - LONGEST_LONG - 1) {
                    flush();
                }
                if (from + squares.position() > 0) {
                    buffer[length++] = ',';
                }
                length = digits(squares.get(), buffer, length);
            }
        }
    }

    /** Appends a number of 0 or more in decimal and returns where it ends. */
    private static int digits(long number, byte[] to, int from) {
        int end = from + 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= from; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    private void text(String ascii) throws IOException {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > BUFFER_BYTES - length) {
            flush();
        }
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    private void flush() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
    }
}
