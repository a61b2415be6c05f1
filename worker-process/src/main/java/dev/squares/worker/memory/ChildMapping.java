package dev.squares.worker.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A mapped file as a child maps it: to write squares into it, shared or privately. One segment of any length, for what has been
 * written privately is nowhere else.
 */
public final class ChildMapping extends MappedFile {
    private final @Nullable Arena arena;
    private final MemorySegment memory;
    private final Header header;
    /** How many slices there are, if this is one of them. */
    private final int siblings;

    private ChildMapping(@Nullable Arena arena, MemorySegment memory, Path file) throws BadMappedFileException {
        this.arena = arena;
        this.memory = memory;
        long headerBytes = Math.min(memory.byteSize(), Layout.MAX_HEADER_BYTES);
        this.header = new Header(buffer(0, headerBytes), memory.byteSize(), file);
        this.siblings = 0;
    }

    private ChildMapping(ChildMapping whole, Header slice) {
        this.arena = null;
        this.memory = whole.memory;
        this.header = slice;
        this.siblings = whole.slices();
    }

    /**
     * Maps a file. Where it is mapped privately, this process alone sees what it writes there.
     *
     * @throws BadMappedFileException if it is not a whole mapped file of this version
     */
    public static ChildMapping open(Path file, Job.Mapping mapping) throws IOException {
        MapMode mode = switch (mapping) {
            case SHARED -> MapMode.READ_WRITE;
            case PRIVATE -> MapMode.PRIVATE;
        };
        // The mapping holds without the descriptor.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long length = channel.size();
            Header.requireLength(length, file);
            return map(channel, mode, 0, length, file);
        }
    }

    /** Maps a part of a file that is a whole mapped file in itself. */
    static ChildMapping map(FileChannel channel, MapMode mode, long from, long length, Path file) throws IOException {
        Arena arena = Arena.ofConfined();
        try {
            return new ChildMapping(arena, channel.map(mode, from, length, arena), file);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /** A part of what is mapped already, and stays so. */
    static ChildMapping part(MemorySegment memory, Path file) throws BadMappedFileException {
        return new ChildMapping(null, memory, file);
    }

    /**
     * One of its slices, as a list of its own. Good until this is closed.
     *
     * @throws BadMappedFileException if there is none of that number
     */
    public ChildMapping slice(int number) throws BadMappedFileException {
        return new ChildMapping(this, header.slice(number));
    }

    /**
     * The sum that the children of all slices have in common.
     *
     * @throws BadMappedFileException if this is no slice
     */
    public SharedSum sharedSum(SumMode mode) throws BadMappedFileException {
        if (siblings == 0) {
            throw new BadMappedFileException("a list in one piece has no shared sum");
        }
        return new SharedSum(buffer(0, Layout.headerBytes(siblings)), siblings, mode);
    }

    private ByteBuffer buffer(long offset, long bytes) {
        return memory.asSlice(offset, bytes).asByteBuffer().order(Layout.ORDER);
    }

    @Override
    Header header() {
        return header;
    }

    @Override
    LongBuffer longs(long offset, int length) {
        return buffer(offset, (long) length * Long.BYTES).asLongBuffer();
    }

    /** Publishes that the first {@code squares} squares are there. */
    public void publishProgress(long squares) {
        header.publishProgress(squares);
    }

    /**
     * Publishes the result: last of all, when every square has been stored.
     *
     * @param sumHigh the upper 64 bits of the sum
     * @param sumLow the lower 64 bits, unsigned
     */
    public void publishDone(long sumHigh, long sumLow, long childPid) {
        header.publishDone(sumHigh, sumLow, childPid);
    }

    /**
     * What the kernel says of this mapping.
     *
     * @param untouched whether no page but the first is to be touched by reading it
     */
    public Evidence evidence(long pid, boolean untouched) throws IOException {
        return Evidence.read(pid, "child", memory, header.squareOffset(0), untouched);
    }

    /** As {@link Evidence#pages()}, as they are now. */
    public String pages(int pageBytes) throws IOException {
        return Evidence.pages(memory.address(), memory.byteSize(), pageBytes);
    }

    /** How many squares there are from the one at {@code from} to the end of its page. */
    public int squaresInPage(long from, int pageBytes) {
        long left = pageBytes - header.squareOffset(from) % pageBytes;
        return (int) Math.min(left / Long.BYTES, count() - from);
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
