package dev.squares.coordinator.square;

import dev.squares.coordinator.square.SharedMemoryLimit.Reservation;
import dev.squares.worker.memory.Quota;
import dev.squares.worker.memory.SharedMemoryFullException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the bytes of a report from when the worker has written it to when the client has read it, so that a slow client holds
 * no worker: on the heap while they are few, in a nameless file in the shared directory when they are many. There are as many
 * of these as there are clients that do not read, so little of either kind is on the heap.
 */
final class SpillBuffer extends OutputStream implements ReportText {
    static final int MAX_ON_HEAP = 16 * 1024;
    private static final int COPIED_AT_A_TIME = 8 * 1024;

    private final NamelessFile namelessFile;
    private final Quota quota;
    private @Nullable ByteArrayOutputStream heap = new ByteArrayOutputStream(256);
    private @Nullable FileChannel file;
    private long length;

    /** @param quota where the room for the file is taken from */
    SpillBuffer(NamelessFile namelessFile, Quota quota) {
        this.namelessFile = namelessFile;
        this.quota = quota;
    }

    /** A file that is gone when it is closed. */
    @FunctionalInterface
    interface NamelessFile {
        FileChannel open() throws IOException;
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[]{(byte) oneByte}, 0, 1);
    }

    /** @throws SharedMemoryFullException if there is no room for it */
    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        length += count;
        if (heap != null && length <= MAX_ON_HEAP) {
            heap.write(bytes, offset, count);
            return;
        }
        try {
            if (file == null) {
                file = namelessFile.open();
            }
            if (heap != null) {
                append(file, ByteBuffer.wrap(heap.toByteArray()));
                heap = null;
            }
            append(file, ByteBuffer.wrap(bytes, offset, count));
        } catch (IOException e) {
            throw new SharedMemoryFullException(quota.needed(), quota.available(), e);
        }
    }

    private void append(FileChannel file, ByteBuffer bytes) throws IOException {
        quota.take(bytes.remaining());
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public InputStream toInputStream() throws IOException {
        return heap != null
                ? new ByteArrayInputStream(heap.toByteArray())
                : Channels.newInputStream(spilled().position(0));
    }

    @Override
    public void copyTo(OutputStream out) throws IOException {
        if (heap != null) {
            heap.writeTo(out);
            return;
        }
        FileChannel file = spilled();
        ByteBuffer block = ByteBuffer.allocate(COPIED_AT_A_TIME);
        for (long at = 0; at < length; at += block.limit()) {
            block.clear();
            if (file.read(block, at) == -1) {
                throw new EOFException("the file has " + file.size() + " bytes");
            }
            out.write(block.flip().array(), 0, block.limit());
        }
    }

    /** What is not on the heap any more is in the file. */
    private FileChannel spilled() {
        return Objects.requireNonNull(file);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
