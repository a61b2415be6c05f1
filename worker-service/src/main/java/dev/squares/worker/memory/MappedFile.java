package dev.squares.worker.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A mapped file, mapped into this process as one segment of any length. The child opens it to write, shared or privately; the
 * parent opens it to read what has come through.
 *
 * <p>{@link #close()} unmaps, at once. Deleting is the creator's, and may happen while others still map.
 *
 * <p>Belongs to the thread that opened it: the mapping is confined, so that unmapping is cheap and a late access an error
 * instead of a fault.
 */
public final class MappedFile implements AutoCloseable {
    /** The largest magnitude of an input: the root of 2^63 - 1, rounded down. The square of the next does not fit 64 bits. */
    public static final long MAX_INPUT = 3_037_000_499L;

    private final Arena arena;
    private final MemorySegment memory;
    private final long count;

    private MappedFile(Arena arena, MemorySegment memory, long count) {
        this.arena = arena;
        this.memory = memory;
        this.count = count;
    }

    /**
     * Maps a file to write squares into it.
     *
     * @throws BadMappedFileException if it is not a whole mapped file of this version
     */
    public static MappedFile open(Path file, Job.Mapping mapping) throws IOException {
        MapMode mode = switch (mapping) {
            case SHARED -> MapMode.READ_WRITE;
            case PRIVATE -> MapMode.PRIVATE;
        };
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return map(channel, mode, file);
        }
    }

    /**
     * Maps a file to look at what has been published.
     *
     * @throws BadMappedFileException if it is not a whole mapped file of this version
     */
    public static MappedFile openToRead(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return map(channel, MapMode.READ_ONLY, file);
        }
    }

    private static MappedFile map(FileChannel channel, MapMode mode, Path file) throws IOException {
        long length = channel.size();
        if (length < Layout.HEADER_BYTES) {
            throw bad("file too short for a header", Layout.HEADER_BYTES + " or more", length, file);
        }
        Arena arena = Arena.ofConfined();
        try {
            MemorySegment memory = channel.map(mode, 0, length, arena);
            return new MappedFile(arena, memory, checkedCount(memory, file));
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    private static long checkedCount(MemorySegment memory, Path file) throws BadMappedFileException {
        long magic = memory.get(Layout.LONG, Layout.MAGIC_OFFSET);
        if (magic != Layout.MAGIC) {
            throw bad("magic mismatch", Long.toHexString(Layout.MAGIC), Long.toHexString(magic), file);
        }
        int version = memory.get(Layout.INT, Layout.VERSION_OFFSET);
        if (version != Layout.VERSION) {
            throw bad("version mismatch", Layout.VERSION, version, file);
        }
        long count = memory.get(Layout.LONG, Layout.COUNT_OFFSET);
        if (count < 0 || count > Layout.maxCount()) {
            throw bad("count out of range", "0 to " + Layout.maxCount(), count, file);
        }
        if (Layout.fileBytes(count) != memory.byteSize()) {
            throw bad("length disagrees with count=" + count, Layout.fileBytes(count), memory.byteSize(), file);
        }
        return count;
    }

    private static BadMappedFileException bad(String what, Object expected, Object actual, Path file) {
        return new BadMappedFileException(what + ": expected=" + expected + " actual=" + actual + " file=" + file);
    }

    /** Number of inputs, and of squares there is room for. */
    public long count() {
        return count;
    }

    /** The input at {@code index}, from 0 to {@code count - 1}. */
    public long input(long index) {
        return memory.get(Layout.LONG, Layout.inputOffset(index));
    }

    /** The square at {@code index}, from 0 to {@code count - 1}; meaningful once published. */
    public long square(long index) {
        return memory.get(Layout.LONG, Layout.squareOffset(count, index));
    }

    /** Stores a square. Others may see it only after it has been published. */
    public void putSquare(long index, long square) {
        memory.set(Layout.LONG, Layout.squareOffset(count, index), square);
    }

    /** Publishes that the first {@code squares} squares are there. */
    public void publishProgress(long squares) {
        Layout.LONG_AT.setRelease(memory, (long) Layout.WRITTEN_OFFSET, squares);
    }

    /**
     * Publishes the result: last of all, when every square has been stored.
     *
     * @param sumHigh the upper 64 bits of the sum
     * @param sumLow the lower 64 bits, unsigned
     */
    public void publishDone(long sumHigh, long sumLow, long childPid) {
        memory.set(Layout.LONG, Layout.SUM_LOW_OFFSET, sumLow);
        memory.set(Layout.LONG, Layout.SUM_HIGH_OFFSET, sumHigh);
        memory.set(Layout.LONG, Layout.CHILD_PID_OFFSET, childPid);
        Layout.INT_AT.setRelease(memory, (long) Layout.STATE_OFFSET, Layout.DONE);
    }

    /** Whether a result has been published here. To be asked before any of it is read. */
    public boolean isDone() {
        return (int) Layout.INT_AT.getAcquire(memory, (long) Layout.STATE_OFFSET) == Layout.DONE;
    }

    /** How many squares have been published so far. */
    public long written() {
        return (long) Layout.LONG_AT.getAcquire(memory, (long) Layout.WRITTEN_OFFSET);
    }

    /** The published sum, exact: 128 bits wide. */
    public BigInteger sum() {
        long high = memory.get(Layout.LONG, Layout.SUM_HIGH_OFFSET);
        long low = memory.get(Layout.LONG, Layout.SUM_LOW_OFFSET);
        if (high == 0 && low >= 0) {
            return BigInteger.valueOf(low);
        }
        BigInteger lowUnsigned = BigInteger.valueOf(low >>> 1).shiftLeft(1).add(BigInteger.valueOf(low & 1));
        return BigInteger.valueOf(high).shiftLeft(Long.SIZE).add(lowUnsigned);
    }

    /** The process that published. */
    public long childPid() {
        return memory.get(Layout.LONG, Layout.CHILD_PID_OFFSET);
    }

    /** Unmaps. The file stays. */
    @Override
    public void close() {
        arena.close();
    }
}
