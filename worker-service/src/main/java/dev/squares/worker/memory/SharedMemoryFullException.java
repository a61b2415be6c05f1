package dev.squares.worker.memory;

import java.io.IOException;

/** The shared directory's file system had no room for a mapped file. */
public final class SharedMemoryFullException extends IOException {
    private static final long serialVersionUID = 1;

    private final long needed;
    private final long available;

    /**
     * @param needed bytes that the file takes
     * @param available bytes that were free without it
     * @param cause what the file system said
     */
    public SharedMemoryFullException(long needed, long available, IOException cause) {
        super("shared memory is full: needed=" + needed + " available=" + available, cause);
        this.needed = needed;
        this.available = available;
    }

    /** Bytes that the file takes. */
    public long needed() {
        return needed;
    }

    /** Bytes that were free without it. */
    public long available() {
        return available;
    }
}
