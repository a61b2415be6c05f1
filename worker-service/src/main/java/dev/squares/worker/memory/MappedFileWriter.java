package dev.squares.worker.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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
    private static final int BUFFER_BYTES = 16 * 1024;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long count;
    private long flushed;
    private boolean complete;
    private @Nullable IOException failure;

    /**
     * Creates the file, readable and writable by its owner alone.
     *
     * @throws IOException if it exists, or cannot be created
     */
    public MappedFileWriter(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        buffer.position(Layout.HEADER_BYTES);
    }

    /** Appends an input. A failure to write it shows in {@link #complete()}, when the whole need is known. */
    public void add(long input) {
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.putLong(input);
        count++;
    }

    /** Inputs appended so far. */
    public long count() {
        return count;
    }

    /**
     * Reserves the room for the squares and completes the file: from here on another process may open it.
     *
     * @throws SharedMemoryFullException if the file system has no room for the whole file
     * @throws IOException if the file system cannot be asked how much room it has
     */
    public void complete() throws IOException {
        reserveSquares();
        ByteBuffer header = Layout.header(count);
        if (flushed == 0) {
            buffer.put(0, header, 0, Layout.HEADER_BYTES);
            flush();
        } else {
            flush();
            write(header, 0);
        }
        if (failure != null) {
            long available = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
            throw new SharedMemoryFullException(Layout.fileBytes(count), available, failure);
        }
        complete = true;
    }

    private void reserveSquares() {
        for (long zeros = count * Long.BYTES; zeros > 0;) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int some = (int) Math.min(zeros, buffer.remaining());
            Arrays.fill(buffer.array(), buffer.position(), buffer.position() + some, (byte) 0);
            buffer.position(buffer.position() + some);
            zeros -= some;
        }
    }

    private void flush() {
        buffer.flip();
        int bytes = buffer.limit();
        write(buffer, flushed);
        flushed += bytes;
        buffer.clear();
    }

    /** Writes all of it; where that fails, gives all room back at once and writes no more. */
    private void write(ByteBuffer bytes, long position) {
        if (failure != null) {
            return;
        }
        try {
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
        } catch (IOException e) {
            failure = e;
            try {
                channel.truncate(0);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
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
