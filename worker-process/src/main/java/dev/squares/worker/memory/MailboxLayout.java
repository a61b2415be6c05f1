package dev.squares.worker.memory;

/**
 * The bytes of a mailbox: a header, and behind it slots, each of which holds what a mapped file does. As long as the largest pages
 * of the usual systems are the places of a slot, so that one can be mapped privately by itself.
 *
 * <pre>
 *   0        8        16
 *   +--------+--------+-----
 *   | magic  | begun  | free
 *   +--------+--------+-----
 *   16 KiB * (1 + n)   slot n, see {@link Layout}
 * </pre>
 *
 * <p>The child stores {@code begun} with release before it touches a slot: the number of jobs in slots that it has begun so far.
 */
final class MailboxLayout {
    /** Reads {@code MAILBOX1} in a hex dump. */
    static final long MAGIC = 0x3158_4F42_4C49_414DL;

    static final int MAGIC_OFFSET = 0;
    static final int BEGUN_OFFSET = Long.BYTES;
    static final int SLOT_BYTES = 16 * 1024;
    static final int SLOTS = 16;
    static final int FILE_BYTES = (1 + SLOTS) * SLOT_BYTES;

    /** Of a list that a slot has room for, with its squares. */
    static final int MAX_COUNT = (SLOT_BYTES - Layout.HEADER_BYTES) / (2 * Long.BYTES);

    private MailboxLayout() {}

    static int slotOffset(int slot) {
        return (1 + slot) * SLOT_BYTES;
    }
}
