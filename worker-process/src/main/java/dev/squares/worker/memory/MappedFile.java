package dev.squares.worker.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.LongBuffer;

/**
 * A mapped file, mapped into this process: as a child does, to write squares, or as a parent does, to look at what has come
 * through.
 *
 * <p>{@link #close()} unmaps, at once. Deleting is the creator's, and may happen while others still map.
 *
 * <p>Belongs to the thread that opened it, unless it was opened for several: the mapping is confined, so that unmapping is cheap and
 * a late access an error instead of a fault.
 *
 * <p>Looked at through buffers: the var handles that a segment is looked at through are linked at run time, in every child.
 */
public abstract sealed class MappedFile implements AutoCloseable
        permits ChildMapping, MailboxSlot, ParentMapping, ParentSlice {
    /** The largest magnitude of an input: the root of 2^63 - 1, rounded down. The square of the next does not fit 64 bits. */
    public static final long MAX_INPUT = 3_037_000_499L;

    /** Of the layout: another one cannot be opened. */
    public static final int VERSION = Layout.VERSION;

    MappedFile() {}

    abstract Header header();

    /** The mapping's own memory of {@code length} integers, from the one at that offset on. */
    abstract LongBuffer longs(long offset, int length);

    /** Whether a result has been published here. To be asked before any of it is read. */
    public final boolean isDone() {
        return header().isDone();
    }

    /** How many squares have been published so far. */
    public final long written() {
        return header().written();
    }

    /** Number of inputs, and of squares there is room for. */
    public final long count() {
        return header().count();
    }

    /** Whether it is a part of a longer list, for one of several children. */
    public final boolean isSlice() {
        return header().isSlice();
    }

    /** Where it begins in the whole list, if it is a slice; 0 if not. */
    public final long from() {
        return header().from();
    }

    /** How many slices there are; 0 if the list is in one piece. */
    public final int slices() {
        return header().slices();
    }

    /** What all children have added to the sum that they have in common, see {@link SumMode}. */
    public final long sharedSum() {
        return header().sharedSum();
    }

    /** The mapping's own memory of {@code length} inputs, from the one at {@code from} on. See {@link #squares}. */
    public final LongBuffer inputs(long from, int length) {
        return longs(header().inputOffset(from), length);
    }

    /**
     * The mapping's own memory of {@code length} squares, from the one at {@code from} on. What is read there is meaningful once
     * published; what is written there, others may see only after it has been published.
     *
     * <p>Good until the file is closed, in a parent only until the next is asked for.
     *
     * @throws UncheckedIOException if a parent cannot map it
     */
    public final LongBuffer squares(long from, int length) {
        return longs(header().squareOffset(from), length);
    }

    /** The input at {@code index}, from 0 to {@code count - 1}. */
    public final long input(long index) {
        return inputs(index, 1).get(0);
    }

    /** The square at {@code index}, from 0 to {@code count - 1}; meaningful once published. */
    public final long square(long index) {
        return squares(index, 1).get(0);
    }

    /** The published sum, exact: 128 bits wide. */
    public final BigInteger sum() {
        return header().sum();
    }

    /** Unmaps. The file stays. */
    @Override
    public abstract void close() throws IOException;
}
