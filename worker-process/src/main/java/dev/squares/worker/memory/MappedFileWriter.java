package dev.squares.worker.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Creates a mapped file: takes the inputs one by one while their number is still unknown, then reserves the room for the
 * squares. Nothing is held on the heap but one buffer.
 *
 * <p>The room is reserved by <em>writing</em> zeros. A sparse file would map just as well, but on a full tmpfs the first
 * store into a missing page is a fault in the middle of somebody's loop; a write is an {@link IOException} here.
 *
 * <p>A completed file is the creator's to delete. One that is closed without having been completed is gone.
 */
public final class MappedFileWriter implements AutoCloseable {
    /** Enough for a short list: zeroing a larger one is much of what a small request allocates. */
    private static final int FIRST_BUFFER_BYTES = 512;

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Path file;
    private final Quota quota;
    private final FileChannel channel;
    private final int slices;
    private ByteBuffer buffer;
    private long count;
    private long flushed;
    private long largest;
    private boolean complete;
    private @Nullable IOException failure;
    private long available;

    /**
     * Creates the file, readable and writable by its owner alone.
     *
     * @param quota where the room for it is taken from
     * @throws IOException if it exists, or cannot be created
     */
    public MappedFileWriter(Path file, Quota quota) throws IOException {
        this(file, quota, 0);
    }

    /**
     * Creates it as {@link #MappedFileWriter(Path, Quota)} does.
     *
     * @param slices how many children are to work on the list, each on its own slice; 0 if it stays in one piece, for one child
     */
    public MappedFileWriter(Path file, Quota quota, int slices) throws IOException {
        if (slices < 0 || slices > Layout.MAX_SLICES) {
            throw new IllegalArgumentException("slices out of range: " + slices);
        }
        this.file = file;
        this.quota = quota;
        this.slices = slices;
        this.channel = create(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        int headerBytes = Layout.headerBytes(slices);
        this.buffer = newBuffer(Math.max(FIRST_BUFFER_BYTES, headerBytes)).position(headerBytes);
    }

    /** Creates a file that its owner alone can open. */
    static FileChannel create(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), OwnerOnly.newFile(file));
    }

    /** Appends an input. A failure to write it shows in {@link #complete()}, when the whole need is known. */
    public void add(long input) {
        if (!buffer.hasRemaining()) {
            makeRoom();
        }
        buffer.putLong(input);
        count++;
        largest = Math.max(largest, Math.abs(input));
    }

    /** Inputs appended so far. */
    public long count() {
        return count;
    }

    /** The largest magnitude of an input so far. */
    public long largest() {
        return largest;
    }

    /** Gives all room back at once, for the file will not be completed: what is added from here on is counted and no more. */
    public void abandon() {
        if (failure == null) {
            fail(new IOException("abandoned"), Layout.fileBytes(slices, count));
        }
    }

    /** Completes a file that nothing is written beside. */
    public void complete() throws IOException {
        complete(0);
    }

    /**
     * Reserves the room for the squares and completes the file: from here on another process may open it.
     *
     * @param beside bytes that will be written beside this file: their room is set aside in the same step
     * @throws SharedMemoryFullException if there is no room for all of it
     */
    public void complete(long beside) throws IOException {
        long needed = Layout.fileBytes(slices, count) + beside;
        setAside(needed);
        if (failure == null) {
            writeRest();
        }
        if (failure instanceof ClosedChannelException) {
            // By an interrupt: that says nothing about the room.
            throw failure;
        }
        if (failure != null) {
            throw new SharedMemoryFullException(needed, available, failure);
        }
        complete = true;
    }

    private void setAside(long needed) {
        if (failure != null) {
            return;
        }
        try {
            quota.setAside(needed - flushed);
        } catch (IOException e) {
            fail(e, needed);
        }
    }

    private void writeRest() throws IOException {
        reserveSquares();
        ByteBuffer header = Layout.header(slices, count);
        boolean inOnePiece = flushed == 0;
        if (inOnePiece) {
            buffer.put(0, header, 0, header.capacity());
        }
        flush();
        if (!inOnePiece && failure == null) {
            write(header, 0);
        }
    }

    private void reserveSquares() {
        for (long zeros = count * Long.BYTES; zeros > 0;) {
            if (!buffer.hasRemaining()) {
                makeRoom();
            }
            int some = (int) Math.min(zeros, buffer.remaining());
            Arrays.fill(buffer.array(), buffer.position(), buffer.position() + some, (byte) 0);
            buffer.position(buffer.position() + some);
            zeros -= some;
        }
    }

    private static ByteBuffer newBuffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void makeRoom() {
        if (buffer.capacity() >= BUFFER_BYTES) {
            flush();
            return;
        }
        buffer = newBuffer(BUFFER_BYTES).put(buffer.flip());
    }

    /** Writes the buffer; where that fails, gives all room back at once and writes no more. */
    private void flush() {
        buffer.flip();
        int bytes = buffer.limit();
        if (failure == null) {
            try {
                quota.take(bytes);
                write(buffer, flushed);
            } catch (IOException e) {
                fail(e, flushed + bytes);
            }
        }
        flushed += bytes;
        buffer.clear();
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        for (long at = position; bytes.hasRemaining();) {
            at += channel.write(bytes, at);
        }
    }

    /** Gives all room back, now: the rest of the list may be long in coming. */
    private void fail(IOException cause, long wanted) {
        failure = cause;
        try {
            channel.truncate(0);
            quota.giveBack();
            // Looked up now, and less than was not to be had: others may have given back theirs in the meantime.
            available = Math.min(quota.available(), wanted - 1);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Closes the file, and deletes it if it was not completed. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!complete) {
            Files.deleteIfExists(file);
        }
    }
}
