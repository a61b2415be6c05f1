package dev.squares.coordinator.packaged;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongUnaryOperator;

/** A JSON list of any length. The same numbers come again and again: to make it costs next to nothing, as it does to check one. */
final class ListStream extends InputStream {
    /** After so many numbers the first comes again. A prime: no buffer that gets out of its place has the numbers of another. */
    static final int PERIOD = 9973;

    private final LongUnaryOperator element;
    private final byte[] period;
    private long remaining;
    private boolean closed;
    private ByteArrayInputStream chunk = new ByteArrayInputStream(new byte[]{'['});

    /** @param element of an index below the period */
    ListStream(long count, LongUnaryOperator element) {
        this.element = element;
        this.period = count > PERIOD ? text(PERIOD, ',') : new byte[0];
        this.remaining = count;
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
            chunk = new ByteArrayInputStream(nextChunk());
        }
        return chunk.read(to, offset, length);
    }

    private byte[] nextChunk() {
        if (remaining > PERIOD) {
            remaining -= PERIOD;
            return period;
        }
        closed = true;
        return text((int) remaining, ']');
    }

    private byte[] text(int count, char end) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append(element.applyAsLong(i));
        }
        return text.append(end).toString().getBytes(StandardCharsets.US_ASCII);
    }
}
