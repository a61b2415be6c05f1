package dev.squares.worker.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A mapped file, mapped into this process. The child opens it to write, shared or privately, and maps it as one segment of any
 * length, for what it has written privately is nowhere else. The parent opens it to read what has come through, and maps a
 * window of it at a time: pages that are mapped count as its own where memory is capped, however many processes share them.
 *
 * <p>{@link #close()} unmaps, at once. Deleting is the creator's, and may happen while others still map.
 *
 * <p>Belongs to the thread that opened it: the mapping is confined, so that unmapping is cheap and a late access an error
 * instead of a fault.
 *
 * <p>Looked at through buffers: the var handles that a segment is looked at through are linked at run time, in every child.
 */
public final class MappedFile implements AutoCloseable {
    /** The largest magnitude of an input: the root of 2^63 - 1, rounded down. The square of the next does not fit 64 bits. */
    public static final long MAX_INPUT = 3_037_000_499L;

    /** Of the layout: another one cannot be opened. */
    public static final int VERSION = Layout.VERSION;

    private static final long PARENTS_WINDOW_BYTES = 1024 * 1024;

    private final FileChannel channel;
    private final MapMode mode;
    private final long length;
    private final long windowBytes;
    private final Window first;
    private final ByteBuffer header;
    private final long count;
    /** The first, or one further behind. */
    private Window window;

    private MappedFile(Path file, FileChannel channel, MapMode mode, long windowBytes) throws IOException {
        this.channel = channel;
        this.mode = mode;
        this.length = channel.size();
        this.windowBytes = windowBytes;
        if (length < Layout.HEADER_BYTES) {
            throw bad("file too short for a header", Layout.HEADER_BYTES + " or more", length, file);
        }
        this.first = map(0);
        this.window = first;
        try {
            this.header = first.buffer(0, Layout.HEADER_BYTES);
            this.count = checkedCount(header, length, file);
        } catch (Throwable e) {
            first.arena.close();
            throw e;
        }
    }

    /** What is mapped of the file from {@code from} on. */
    private record Window(Arena arena, long from, MemorySegment memory) {
        boolean has(long offset, long bytes) {
            return offset >= from && offset + bytes <= from + memory.byteSize();
        }

        ByteBuffer buffer(long offset, long bytes) {
            return memory.asSlice(offset - from, bytes).asByteBuffer().order(Layout.ORDER);
        }
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
        return open(file, mode, Long.MAX_VALUE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * Maps a file to look at what has been published.
     *
     * @throws BadMappedFileException if it is not a whole mapped file of this version
     */
    public static MappedFile openToRead(Path file) throws IOException {
        return open(file, MapMode.READ_ONLY, PARENTS_WINDOW_BYTES, StandardOpenOption.READ);
    }

    private static MappedFile open(Path file, MapMode mode, long windowBytes, OpenOption... options)
            throws IOException {
        FileChannel channel = FileChannel.open(file, options);
        try {
            return new MappedFile(file, channel, mode, windowBytes);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private Window map(long from) throws IOException {
        Arena arena = Arena.ofConfined();
        try {
            return new Window(arena, from, channel.map(mode, from, Math.min(length - from, windowBytes), arena));
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    private static long checkedCount(ByteBuffer header, long length, Path file) throws BadMappedFileException {
        long magic = header.getLong(Layout.MAGIC_OFFSET);
        if (magic != Layout.MAGIC) {
            throw bad("magic mismatch", Long.toHexString(Layout.MAGIC), Long.toHexString(magic), file);
        }
        int version = header.getInt(Layout.VERSION_OFFSET);
        if (version != Layout.VERSION) {
            throw bad("version mismatch", Layout.VERSION, version, file);
        }
        long count = header.getLong(Layout.COUNT_OFFSET);
        if (count < 0 || count > Layout.maxCount()) {
            throw bad("count out of range", "0 to " + Layout.maxCount(), count, file);
        }
        if (Layout.fileBytes(count) != length) {
            throw bad("length disagrees with count=" + count, Layout.fileBytes(count), length, file);
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
        return inputs(index, 1).get(0);
    }

    /** The square at {@code index}, from 0 to {@code count - 1}; meaningful once published. */
    public long square(long index) {
        return squares(index, 1).get(0);
    }

    /** Stores a square. Others may see it only after it has been published. */
    public void putSquare(long index, long square) {
        squares(index, 1).put(0, square);
    }

    /** The mapping's own memory of {@code length} inputs, from the one at {@code from} on. See {@link #squares}. */
    public LongBuffer inputs(long from, int length) {
        return longs(Layout.inputOffset(from), length);
    }

    /**
     * The mapping's own memory of {@code length} squares, from the one at {@code from} on. What is read there is meaningful once
     * published; what is written there, others may see only after it has been published.
     *
     * <p>Good until the file is closed, in a parent only until the next is asked for.
     *
     * @throws UncheckedIOException if a parent cannot map it
     */
    public LongBuffer squares(long from, int length) {
        return longs(Layout.squareOffset(count, from), length);
    }

    private LongBuffer longs(long offset, int length) {
        long bytes = (long) length * Long.BYTES;
        Objects.checkFromIndexSize(offset, bytes, this.length);
        if (!window.has(offset, bytes)) {
            unmapWindow();
            if (!first.has(offset, bytes)) {
                window = mapWindow(offset);
            }
        }
        return window.buffer(offset, bytes).asLongBuffer();
    }

    private Window mapWindow(long from) {
        try {
            return map(from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void unmapWindow() {
        if (window != first) {
            window.arena.close();
            window = first;
        }
    }

    /** Publishes that the first {@code squares} squares are there. */
    public void publishProgress(long squares) {
        VarHandle.releaseFence();
        header.putLong(Layout.WRITTEN_OFFSET, squares);
    }

    /**
     * Publishes the result: last of all, when every square has been stored.
     *
     * @param sumHigh the upper 64 bits of the sum
     * @param sumLow the lower 64 bits, unsigned
     */
    public void publishDone(long sumHigh, long sumLow, long childPid) {
        header.putLong(Layout.SUM_LOW_OFFSET, sumLow);
        header.putLong(Layout.SUM_HIGH_OFFSET, sumHigh);
        header.putLong(Layout.CHILD_PID_OFFSET, childPid);
        VarHandle.releaseFence();
        header.putInt(Layout.STATE_OFFSET, Layout.DONE);
    }

    /** Whether a result has been published here. To be asked before any of it is read. */
    public boolean isDone() {
        int state = header.getInt(Layout.STATE_OFFSET);
        VarHandle.acquireFence();
        return state == Layout.DONE;
    }

    /** How many squares have been published so far. */
    public long written() {
        long written = header.getLong(Layout.WRITTEN_OFFSET);
        VarHandle.acquireFence();
        return written;
    }

    /** The published sum, exact: 128 bits wide. */
    public BigInteger sum() {
        long high = header.getLong(Layout.SUM_HIGH_OFFSET);
        long low = header.getLong(Layout.SUM_LOW_OFFSET);
        if (high == 0 && low >= 0) {
            return BigInteger.valueOf(low);
        }
        BigInteger lowUnsigned = BigInteger.valueOf(low >>> 1).shiftLeft(1).add(BigInteger.valueOf(low & 1));
        return BigInteger.valueOf(high).shiftLeft(Long.SIZE).add(lowUnsigned);
    }

    /** The process that published. */
    public long childPid() {
        return header.getLong(Layout.CHILD_PID_OFFSET);
    }

    /** Unmaps. The file stays. */
    @Override
    public void close() throws IOException {
        unmapWindow();
        first.arena.close();
        channel.close();
    }
}
