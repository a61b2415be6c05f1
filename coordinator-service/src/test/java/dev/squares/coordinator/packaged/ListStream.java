package dev.squares.coordinator.packaged;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongUnaryOperator;

/** A JSON list of any length, made while it is read. */
final class ListStream extends InputStream {
    private static final int ELEMENTS_PER_CHUNK = 1000;

    private final long count;
    private final LongUnaryOperator element;
    private long next;
    private boolean closed;
    private ByteArrayInputStream chunk = new ByteArrayInputStream(new byte[]{'['});

    ListStream(long count, LongUnaryOperator element) {
        this.count = count;
        this.element = element;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) == -1 ? -1 : one[0];
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        if (chunk.available() == 0) {
            if (closed) {
                return -1;
            }
            chunk = new ByteArrayInputStream(nextChunk().getBytes(StandardCharsets.US_ASCII));
        }
        return chunk.read(to, offset, length);
    }

    private String nextChunk() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ELEMENTS_PER_CHUNK && next < count; i++) {
            text.append(next == 0 ? "" : ",").append(element.applyAsLong(next++));
        }
        if (next == count) {
            text.append(']');
            closed = true;
        }
        return text.toString();
    }
}
