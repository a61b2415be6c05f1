package dev.squares.coordinator.square;

import dev.squares.coordinator.square.SharedMemoryLimit.Reservation;
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
import org.jspecify.annotations.Nullable;

/**
 * Holds the bytes of a report from when the worker has written it to when the client has read it, so that a slow client holds
 * no worker: on the heap while they are few, in a nameless file in the shared directory when they are many.
 */
final class Spool extends OutputStream {
    static final int MAX_ON_HEAP = 64 * 1024;

    private final SharedDirectory directory;
    private final Reservation room;
    private final ByteArrayOutputStream heap = new ByteArrayOutputStream(256);
    private @Nullable FileChannel file;
    private long length;

    Spool(SharedDirectory directory, Reservation room) {
        this.directory = directory;
        this.room = room;
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[]{(byte) oneByte}, 0, 1);
    }

    /** @throws SharedMemoryFullException if there is no room for it */
    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        length += count;
        if (length <= MAX_ON_HEAP) {
            heap.write(bytes, offset, count);
            return;
        }
        try {
            if (file == null) {
                file = directory.openNamelessFile();
                append(file, ByteBuffer.wrap(heap.toByteArray()));
            }
            append(file, ByteBuffer.wrap(bytes, offset, count));
        } catch (IOException e) {
            throw new SharedMemoryFullException(room.needed(), room.available(), e);
        }
    }

    private void append(FileChannel file, ByteBuffer bytes) throws IOException {
        room.take(bytes.remaining());
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** The bytes, from the first. */
    InputStream toInputStream() throws IOException {
        return file == null
                ? new ByteArrayInputStream(heap.toByteArray())
                : Channels.newInputStream(file.position(0));
    }

    /** Copies all bytes. */
    void copyTo(OutputStream out) throws IOException {
        copyTo(out, 0, length);
    }

    /** Copies {@code count} bytes, from the one at {@code from} on. */
    void copyTo(OutputStream out, long from, long count) throws IOException {
        if (file == null) {
            out.write(heap.toByteArray(), (int) from, (int) count);
            return;
        }
        ByteBuffer block = ByteBuffer.allocate(MAX_ON_HEAP);
        for (long at = from; at < from + count; at += block.limit()) {
            block.clear().limit((int) Math.min(block.capacity(), from + count - at));
            if (file.read(block, at) == -1) {
                throw new EOFException("the spool has " + file.size() + " bytes");
            }
            out.write(block.flip().array(), 0, block.limit());
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
