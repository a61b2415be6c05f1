package dev.squares.worker.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A mapped file as a parent maps it: to look at what the child has published. A window of it at a time, for pages that are mapped
 * count as the parent's own where memory is capped, however many processes share them.
 */
public final class ParentMapping extends MappedFile {
    private static final long WINDOW_BYTES = 1024 * 1024;

    private final FileChannel channel;
    private final Supplier<Arena> arenas;
    private final long length;
    /** Has the header, and stays. */
    private final Window first;
    private final Header header;
    /** The first, or one further behind. */
    private Window window;

    private ParentMapping(Path file, FileChannel channel, Supplier<Arena> arenas) throws IOException {
        this.channel = channel;
        this.arenas = arenas;
        this.length = channel.size();
        Header.requireLength(length, file);
        this.first = map(0);
        this.window = first;
        try {
            this.header = new Header(first.buffer(0, Math.min(length, Layout.MAX_HEADER_BYTES)), length, file);
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
     * Maps a file, to read.
     *
     * @throws BadMappedFileException if it is not a whole mapped file of this version
     */
    public static ParentMapping open(Path file) throws IOException {
        return open(file, Arena::ofConfined);
    }

    /**
     * As {@link #open}, for a thread that looks how far the child has come while another does the rest. To unmap such a one takes
     * longer: all threads of the process are asked first.
     */
    public static ParentMapping openForThreads(Path file) throws IOException {
        return open(file, Arena::ofShared);
    }

    private static ParentMapping open(Path file, Supplier<Arena> arenas) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new ParentMapping(file, channel, arenas);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private Window map(long from) throws IOException {
        Arena arena = arenas.get();
        try {
            return new Window(arena, from,
                    channel.map(MapMode.READ_ONLY, from, Math.min(length - from, WINDOW_BYTES), arena));
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    @Override
    Header header() {
        return header;
    }

    @Override
    LongBuffer longs(long offset, int length) {
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

    /**
     * What the kernel says of this mapping, after all of its pages have been touched.
     *
     * @throws IllegalStateException if there are more than {@link Evidence#MAX_COUNT} integers
     */
    public Evidence evidence(long pid) throws IOException {
        MemorySegment memory = first.memory;
        if (memory.byteSize() != length) {
            throw new IllegalStateException("too long to be explained: bytes=" + length);
        }
        int pageBytes = Evidence.pageSize();
        for (long offset = 0; offset < length; offset += pageBytes) {
            memory.get(ValueLayout.JAVA_BYTE, offset);
        }
        return Evidence.read(pid, "parent", memory, header.squareOffset(0), false);
    }

    /**
     * One of its slices, as a list of its own. Good until this is closed.
     *
     * @throws BadMappedFileException if there is none of that number
     */
    public MappedFile slice(int number) throws BadMappedFileException {
        return new ParentSlice(this, header.slice(number));
    }

    /** The process that published. */
    public long childPid() {
        return header.childPid();
    }

    @Override
    public void close() throws IOException {
        unmapWindow();
        first.arena.close();
        channel.close();
    }
}
