package dev.squares.worker.child;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.SquaresText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the child prints: one line of JSON, {@code {"pid":4242,"count":4,"sum":30,"squares":[1,4,9,16]}}, read from the child's
 * own mapping. Of a slice it says behind its pid where that begins in the whole list: {@code "from":4}.
 */
final class Report {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;

    Report(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes a report, if only to a buffer. There the line's end stays in any case: with it the parent may delete the file, and a system
     * such as Windows deletes none that is mapped. So the caller unmaps, and then has this {@link #flush flushed}.
     */
    void write(ChildMapping file, View view, long pid) throws IOException {
        String from = file.isSlice() ? ",\"from\":" + file.from() : "";
        text("{\"pid\":" + pid + from + ",\"count\":" + file.count() + ",\"sum\":" + file.sum());
        if (view == View.FULL) {
            text(",\"squares\":[");
            SquaresText squares = new SquaresText(file);
            for (ByteBuffer piece = squares.nextPiece(); piece != null; piece = squares.nextPiece()) {
                bytes(piece.array(), piece.position(), piece.remaining());
            }
        }
        text("}\n");
    }

    private void text(String ascii) throws IOException {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        bytes(bytes, 0, bytes.length);
    }

    private void bytes(byte[] from, int offset, int count) throws IOException {
        if (count > BUFFER_BYTES - length) {
            flush();
        }
        System.arraycopy(from, offset, buffer, length, count);
        length += count;
    }

    /** Has the parent see what has been reported so far. */
    void flush() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
    }
}
