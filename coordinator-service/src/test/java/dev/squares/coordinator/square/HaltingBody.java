package dev.squares.coordinator.square;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A body of which one part has come, and the other comes when a test says so. */
final class HaltingBody extends InputStream {
    private static final long PATIENCE_SECONDS = 60;

    private final byte[] text;
    private final int halt;
    private final CountDownLatch halted = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private int at;

    HaltingBody(String first, String rest) {
        text = (first + rest).getBytes(StandardCharsets.UTF_8);
        halt = first.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Waits until all of the first part has been read, and more is asked for. */
    void awaitHalt() {
        await(halted);
    }

    void goOn() {
        goOn.countDown();
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("blocks are read");
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        if (at == halt) {
            halted.countDown();
            await(goOn);
        }
        int end = at < halt ? halt : text.length;
        int some = Math.min(length, end - at);
        System.arraycopy(text, at, to, offset, some);
        at += some;
        return some == 0 ? -1 : some;
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
