package dev.squares.coordinator.square;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.coyote.CloseNowException;
import org.springframework.util.unit.DataSize;

/**
 * Cuts the connection of a client that takes its answer too slowly: each of its reads may be in time, and all of them together
 * hold the answer's memory for as long as the client likes. The clock is looked at once a block.
 */
final class SteadyStream extends OutputStream {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final OutputStream client;
    private final long bytesPerSecond;
    private final long graceNanos;
    private final LongSupplier nanoTime;
    private final long start;
    private long sent;
    private boolean cut;

    /** @param grace how long the client may take besides */
    SteadyStream(OutputStream client, DataSize perSecond, Duration grace, LongSupplier nanoTime) {
        this.client = client;
        this.bytesPerSecond = perSecond.toBytes();
        this.graceNanos = grace.toNanos();
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[]{(byte) oneByte}, 0, 1);
    }

    /** @throws CloseNowException if the client is too slow, so that half an answer is not taken for a whole one */
    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (cut) {
            // What is left in the buffers of those who write need not be waited for.
            throw tooSlow();
        }
        client.write(bytes, offset, count);
        sent += count;
        cut = nanoTime.getAsLong() - start - graceNanos > sent * NANOS_PER_SECOND / bytesPerSecond;
        if (cut) {
            throw tooSlow();
        }
    }

    private CloseNowException tooSlow() {
        return new CloseNowException("the client takes less than squares.min-send-rate: after " + sent + " bytes");
    }

    @Override
    public void flush() throws IOException {
        client.flush();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
