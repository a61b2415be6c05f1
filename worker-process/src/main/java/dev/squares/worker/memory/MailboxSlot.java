package dev.squares.worker.memory;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;

/** A short list and its squares in a {@link ParentMailbox}, in the parent's own mapping. Closing clears it: nothing is left for the next. */
public final class MailboxSlot extends MappedFile {
    private static final Path FILE = Path.of("(mailbox)");
    private static final byte[] ZEROS = new byte[MailboxLayout.SLOT_BYTES];

    private final ByteBuffer memory;
    private final Header header;

    MailboxSlot(ByteBuffer memory, long[] list) throws BadMappedFileException {
        this.memory = memory;
        memory.put(0, Layout.header(list.length), 0, Layout.HEADER_BYTES);
        header = new Header(memory, memory.capacity(), FILE);
        inputs(0, list.length).put(list);
    }

    @Override
    Header header() {
        return header;
    }

    @Override
    LongBuffer longs(long offset, int length) {
        return memory.slice((int) offset, length * Long.BYTES).order(Layout.ORDER).asLongBuffer();
    }

    @Override
    public void close() {
        memory.put(0, ZEROS, 0, memory.capacity());
    }
}
