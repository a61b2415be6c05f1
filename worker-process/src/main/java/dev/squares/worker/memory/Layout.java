package dev.squares.worker.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of the mapped file, version 1, little-endian. No other class knows them.
 *
 * <pre>
 *   0        8         12        16       24         32       40        48         56
 *   +--------+---------+---------+--------+----------+--------+---------+----------+----------+
 *   | magic  | version | state   | count  | written  | sumLow | sumHigh | childPid | slices   |
 *   +--------+---------+---------+--------+----------+--------+---------+----------+----------+
 *  64        inputs:  count x int64
 *  64 + 8*count   squares: count x int64
 * </pre>
 *
 * <p>The child publishes in this order: squares, then {@code written} with release (now and then, as progress), then the
 * sum and its pid, then {@code state} with release, last. The parent looks at {@code state} with acquire, first.
 *
 * <p>A list that several children work on is cut into slices. There is more between the header and the inputs then, and each part of it
 * has a cache line of its own:
 *
 * <pre>
 *  64             arrived: int32, how many children have come to the gate
 * 128             lock: int32, 0 or 1
 * 192             sum: int64, what all children have added to it
 * 256 + 64*n      slice n: | from | 0 | state | count | written | sumLow | sumHigh | childPid | 0 |, each as in the header
 * 256 + 64*slices inputs
 * </pre>
 *
 * <p>A child publishes in its slice, and nothing in the header.
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
    static final int SLICES_OFFSET = CHILD_PID_OFFSET + Long.BYTES;
    static final int HEADER_BYTES = SLICES_OFFSET + Long.BYTES;

    /** Of the usual machines. */
    static final int CACHE_LINE_BYTES = 64;

    static final int ARRIVED_OFFSET = HEADER_BYTES;
    static final int LOCK_OFFSET = ARRIVED_OFFSET + CACHE_LINE_BYTES;
    static final int SHARED_SUM_OFFSET = LOCK_OFFSET + CACHE_LINE_BYTES;
    private static final int FIRST_SLICE_OFFSET = SHARED_SUM_OFFSET + CACHE_LINE_BYTES;

    /** In a slice, where a header has its magic number. */
    static final int FROM_OFFSET = 0;

    static final int MAX_SLICES = 1024;

    /** The most that there is in front of the inputs. */
    static final int MAX_HEADER_BYTES = headerBytes(MAX_SLICES);

    /** Shorter slices are of equal length, to the eye. */
    private static final long ALIGNED_FROM = 1024;

    private Layout() {}

    /** What there is in front of the inputs. */
    static int headerBytes(int slices) {
        return slices == 0 ? HEADER_BYTES : sliceOffset(slices);
    }

    static int sliceOffset(int slice) {
        return FIRST_SLICE_OFFSET + slice * HEADER_BYTES;
    }

    static long inputOffset(int slices, long index) {
        return headerBytes(slices) + index * Long.BYTES;
    }

    static long squareOffset(int slices, long count, long index) {
        return inputOffset(slices, count + index);
    }

    /** Length in bytes of a file for {@code count} elements in one piece. */
    static long fileBytes(long count) {
        return fileBytes(0, count);
    }

    /** Length in bytes of a file for {@code count} elements. */
    static long fileBytes(int slices, long count) {
        return squareOffset(slices, count, count);
    }

    /** The largest count whose file length still is a positive 64-bit number. */
    static long maxCount(int slices) {
        return (Long.MAX_VALUE - headerBytes(slices)) / (2 * Long.BYTES);
    }

    /**
     * Where a slice begins, and the one before it ends. All slices are of the same length, as far as that goes. The squares of long ones
     * begin with a cache line, so that no two children write to the same.
     */
    static long sliceFrom(int slices, long count, int slice) {
        long from = count / slices * slice + count % slices * slice / slices;
        if (slice == 0 || slice == slices || count / slices < ALIGNED_FROM) {
            return from;
        }
        return from - squareOffset(slices, count, from) % CACHE_LINE_BYTES / Long.BYTES;
    }

    static ByteBuffer header(long count) {
        return header(0, count);
    }

    /** What there is in front of the inputs, as long as no child has worked on them. */
    static ByteBuffer header(int slices, long count) {
        ByteBuffer header = ByteBuffer.allocate(headerBytes(slices)).order(ORDER);
        header.putLong(MAGIC_OFFSET, MAGIC);
        header.putInt(VERSION_OFFSET, VERSION);
        header.putInt(STATE_OFFSET, READY);
        header.putLong(COUNT_OFFSET, count);
        header.putInt(SLICES_OFFSET, slices);
        for (int i = 0; i < slices; i++) {
            long from = sliceFrom(slices, count, i);
            header.putLong(sliceOffset(i) + FROM_OFFSET, from);
            header.putInt(sliceOffset(i) + STATE_OFFSET, READY);
            header.putLong(sliceOffset(i) + COUNT_OFFSET, sliceFrom(slices, count, i + 1) - from);
        }
        return header;
    }
}
