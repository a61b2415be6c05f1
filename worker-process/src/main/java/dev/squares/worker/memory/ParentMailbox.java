package dev.squares.worker.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The parent's side of a mailbox: a small file that both sides keep mapped for as long as the child lives, with slots for short lists.
 * Such a list is put into memory that is mapped already. It belongs to one child, and no other process ever maps it.
 *
 * <p>Its name is of no use once the child has mapped it, and is deleted then. Where a file that is mapped cannot be deleted, as on
 * Windows, it goes when this is closed, and the child has ended.
 *
 * <p>Its slots may be used by several threads at once, each by one at a time. Closing waits for none of them.
 */
public final class ParentMailbox implements AutoCloseable {
    /** How many lists it has room for. */
    public static final int SLOTS = MailboxLayout.SLOTS;

    /** The longest list that a slot has room for. */
    public static final int MAX_COUNT = MailboxLayout.MAX_COUNT;

    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final ByteBuffer header;
    private volatile boolean named = true;

    private ParentMailbox(Path file, FileChannel channel) throws IOException {
        this.file = file;
        try {
            memory = channel.map(MapMode.READ_WRITE, 0, MailboxLayout.FILE_BYTES, arena);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
        header = buffer(0, MailboxLayout.SLOT_BYTES);
        header.putLong(MailboxLayout.MAGIC_OFFSET, MailboxLayout.MAGIC);
    }

    /**
     * Makes the file, for its owner alone, and maps it. Its room is reserved by writing it, see {@link MappedFileWriter}.
     *
     * @throws IOException if it exists, or there is no room for it
     */
    public static ParentMailbox create(Path file) throws IOException {
        try (FileChannel channel = MappedFileWriter.create(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(MailboxLayout.SLOT_BYTES);
            for (int at = 0; at < MailboxLayout.FILE_BYTES; at += channel.write(zeros, at)) {
                zeros.clear().limit(Math.min(zeros.capacity(), MailboxLayout.FILE_BYTES - at));
            }
            return new ParentMailbox(file, channel);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (Throwable e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Deletes its name, if the system lets a file go that is mapped. To be called when the child has mapped it, or never will. */
    public void deleteName() {
        try {
            Files.deleteIfExists(file);
            named = false;
        } catch (IOException e) {
            // When this is closed, then.
        }
    }

    /** How many jobs the child has begun so far, of those that it was given in slots. */
    public long begun() {
        long begun = header.getLong(MailboxLayout.BEGUN_OFFSET);
        VarHandle.acquireFence();
        return begun;
    }

    /** Puts a list, of at most {@link #MAX_COUNT}, into a slot that is free. */
    public MailboxSlot put(int slot, long[] list) throws BadMappedFileException {
        return new MailboxSlot(buffer(MailboxLayout.slotOffset(slot), Layout.fileBytes(list.length)), list);
    }

    private ByteBuffer buffer(long offset, long bytes) {
        return memory.asSlice(offset, bytes).asByteBuffer().order(Layout.ORDER);
    }

    /** Unmaps, and deletes its name if it still has one. Slots must not be in use any more. */
    @Override
    public void close() throws IOException {
        arena.close();
        if (named) {
            Files.deleteIfExists(file);
        }
    }
}
