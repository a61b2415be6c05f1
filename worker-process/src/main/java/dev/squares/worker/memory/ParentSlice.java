package dev.squares.worker.memory;

import java.nio.LongBuffer;

/** A slice of a list, in the parent's mapping of the whole. */
final class ParentSlice extends MappedFile {
    private final ParentMapping whole;
    private final Header header;

    ParentSlice(ParentMapping whole, Header header) {
        this.whole = whole;
        this.header = header;
    }

    @Override
    Header header() {
        return header;
    }

    @Override
    LongBuffer longs(long offset, int length) {
        return whole.longs(offset, length);
    }

    /** The whole is mapped, and stays so. */
    @Override
    public void close() {}
}
