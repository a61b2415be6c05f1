package dev.squares.worker.memory;

import dev.squares.worker.memory.Job.Mapping;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The child's side of a mailbox, see {@link ParentMailbox}. Mapped for as long as the process lives. */
public final class ChildMailbox {
    private final Path file;
    private final FileChannel channel;
    private final MemorySegment memory;
    private final ByteBuffer bytes;
    private long begun;

    private ChildMailbox(Path file, FileChannel channel, MemorySegment memory) {
        this.file = file;
        this.channel = channel;
        this.memory = memory;
        this.bytes = memory.asByteBuffer().order(Layout.ORDER);
    }

    /**
     * Maps it.
     *
     * @throws BadMappedFileException if it is no mailbox of this version
     */
    public static ChildMailbox open(Path file) throws IOException {
        // Open for as long: a slot that is mapped privately is mapped anew for each job.
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long length = channel.size();
        if (length != MailboxLayout.FILE_BYTES) {
            throw new BadMappedFileException(
                    "mailbox length: expected=" + MailboxLayout.FILE_BYTES + " actual=" + length + " file=" + file);
        }
        ChildMailbox mailbox = new ChildMailbox(
                file, channel, channel.map(MapMode.READ_WRITE, 0, length, Arena.global()));
        if (mailbox.bytes.getLong(MailboxLayout.MAGIC_OFFSET) != MailboxLayout.MAGIC) {
            throw new BadMappedFileException("mailbox magic mismatch: file=" + file);
        }
        return mailbox;
    }

    /** Says that the next job has begun: to be called before anything else is done for it. */
    public void begin() {
        begun++;
        bytes.putLong(MailboxLayout.BEGUN_OFFSET, begun);
        // Whatever becomes of this job is stored after.
        VarHandle.releaseFence();
    }

    /**
     * The list in a slot, to be squared. Where that is mapped privately, this process alone sees what is written there.
     *
     * @throws BadMappedFileException if there is none
     */
    public ChildMapping open(int slot, Mapping mapping) throws IOException {
        if (slot < 0 || slot >= MailboxLayout.SLOTS) {
            throw new BadMappedFileException("no such slot: " + slot);
        }
        int offset = MailboxLayout.slotOffset(slot);
        long count = bytes.getLong(offset + Layout.COUNT_OFFSET);
        if (count < 0 || count > MailboxLayout.MAX_COUNT) {
            throw new BadMappedFileException("count out of range: " + count + " slot=" + slot);
        }
        long length = Layout.fileBytes(count);
        return switch (mapping) {
            case SHARED -> ChildMapping.part(memory.asSlice(offset, length), file);
            case PRIVATE -> ChildMapping.map(channel, MapMode.PRIVATE, offset, length, file);
        };
    }
}
