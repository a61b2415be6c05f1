package dev.squares.worker.memory;

import java.io.IOException;

/** There was no room for a mapped file, or for what is written beside it. */
public final class SharedMemoryFullException extends IOException {
    private static final long serialVersionUID = 1;

    private final long needed;
    private final long available;

    /**
     * @param needed bytes that would have had to be there
     * @param available bytes that could be had without it, as far as that can be said: others give theirs back in the meantime
     * @param cause what the limit or the file system said
     */
    public SharedMemoryFullException(long needed, long available, IOException cause) {
        super("shared memory is full: needed=" + needed + " available=" + fewer(available, needed), cause);
        this.needed = needed;
        this.available = fewer(available, needed);
    }

    private static long fewer(long available, long needed) {
        return Math.clamp(available, 0, needed - 1);
    }

    /** Bytes that would have had to be there. */
    public long needed() {
        return needed;
    }

    /** Bytes that could be had without it; always fewer than were needed. */
    public long available() {
        return available;
    }
}
