package dev.squares.coordinator.square;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Supplier;

/** A body that ends with an error when it becomes longer, or takes longer, than any list may. */
final class LimitedBody extends FilterInputStream {
    private final long start = System.nanoTime();
    private final long timeoutNanos;
    private final Supplier<RuntimeException> tooLong;
    private long left;

    /** @param tooLong thrown when there are more than {@code maxBytes} */
    LimitedBody(InputStream body, long maxBytes, Duration timeout, Supplier<RuntimeException> tooLong) {
        super(body);
        this.left = maxBytes;
        this.timeoutNanos = timeout.toNanos();
        this.tooLong = tooLong;
    }

    @Override
    public int read() throws IOException {
        throw new UnsupportedOperationException("the parser reads blocks");
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int got = super.read(to, offset, length);
        left -= Math.max(got, 0);
        if (left < 0) {
            throw tooLong.get();
        }
        if (System.nanoTime() - start > timeoutNanos) {
            throw new SocketTimeoutException("squares.receive-timeout has passed");
        }
        return got;
    }
}
