package dev.squares.worker.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of the mapped file, version 1, little-endian. No other class knows them.
 *
 * <pre>
 *   0        8         12        16       24         32       40        48         56
 *   +--------+---------+---------+--------+----------+--------+---------+----------+----------+
 *   | magic  | version | state   | count  | written  | sumLow | sumHigh | childPid | reserved |
 *   +--------+---------+---------+--------+----------+--------+---------+----------+----------+
 *  64        inputs:  count x int64
 *  64 + 8*count   squares: count x int64
 * </pre>
 *
 * <p>The child publishes in this order: squares, then {@code written} with release (now and then, as progress), then the
 * sum and its pid, then {@code state} with release, last. The parent looks at {@code state} with acquire, first.
 */
final class Layout {
    /** Reads {@code SQUARES1} in a hex dump. */
    static final long MAGIC = 0x3153_4552_4155_5153L;

    static final int VERSION = 1;

    /** The inputs are complete, nothing has been published as finished. */
    static final int READY = 1;

    /** Squares, sum and child's pid are complete. */
    static final int DONE = 2;

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int STATE_OFFSET = VERSION_OFFSET + Integer.BYTES;
    static final int COUNT_OFFSET = STATE_OFFSET + Integer.BYTES;
    static final int WRITTEN_OFFSET = COUNT_OFFSET + Long.BYTES;
    static final int SUM_LOW_OFFSET = WRITTEN_OFFSET + Long.BYTES;
    static final int SUM_HIGH_OFFSET = SUM_LOW_OFFSET + Long.BYTES;
    static final int CHILD_PID_OFFSET = SUM_HIGH_OFFSET + Long.BYTES;
    static final int RESERVED_OFFSET = CHILD_PID_OFFSET + Long.BYTES;
    static final int HEADER_BYTES = RESERVED_OFFSET + Long.BYTES;

    private Layout() {}

    static long inputOffset(long index) {
        return HEADER_BYTES + index * Long.BYTES;
    }

    static long squareOffset(long count, long index) {
        return inputOffset(count + index);
    }

    /** Length in bytes of a file for {@code count} elements. */
    static long fileBytes(long count) {
        return squareOffset(count, count);
    }

    /** The largest count whose file length still is a positive 64-bit number. */
    static long maxCount() {
        return (Long.MAX_VALUE - HEADER_BYTES) / (2 * Long.BYTES);
    }

    static ByteBuffer header(long count) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ORDER);
        header.putLong(MAGIC_OFFSET, MAGIC);
        header.putInt(VERSION_OFFSET, VERSION);
        header.putInt(STATE_OFFSET, READY);
        header.putLong(COUNT_OFFSET, count);
        return header;
    }
}
