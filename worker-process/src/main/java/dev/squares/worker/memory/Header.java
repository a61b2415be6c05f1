package dev.squares.worker.memory;

import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The header of a mapped file, or of one of its slices: what is published there, and whether a file is one at all. What the child
 * stores before it publishes, a parent sees after it has looked. Where there are slices, what they have published is what the file has.
 */
final class Header {
    private static final Header[] NO_SLICES = {};

    private final ByteBuffer header;
    private final long from;
    private final long count;
    private final long inputs;
    private final long squares;
    private final Header[] slices;
    private final boolean isSlice;

    /**
     * @param mapped the first bytes of the mapping: {@link Layout#MAX_HEADER_BYTES}, if there are so many
     * @param length the file's, in bytes
     * @throws BadMappedFileException if it is not the header of a whole mapped file of this version
     */
    Header(ByteBuffer mapped, long length, Path file) throws BadMappedFileException {
        this.header = mapped;
        this.from = 0;
        this.isSlice = false;
        this.count = checkedCount(header, length, file);
        int sliceCount = header.getInt(Layout.SLICES_OFFSET);
        this.inputs = Layout.inputOffset(sliceCount, 0);
        this.squares = Layout.squareOffset(sliceCount, count, 0);
        this.slices = sliceCount == 0 ? NO_SLICES : new Header[sliceCount];
        for (int i = 0; i < sliceCount; i++) {
            ByteBuffer slice = mapped.slice(Layout.sliceOffset(i), Layout.HEADER_BYTES).order(Layout.ORDER);
            slices[i] = new Header(slice, this, file);
        }
    }

    /** Of a slice. */
    private Header(ByteBuffer slice, Header whole, Path file) throws BadMappedFileException {
        this.header = slice;
        this.isSlice = true;
        this.from = slice.getLong(Layout.FROM_OFFSET);
        this.count = slice.getLong(Layout.COUNT_OFFSET);
        if (from < 0 || count < 0 || count > whole.count - from) {
            throw bad("slice out of range", "0 to " + whole.count, from + " and " + count + " more", file);
        }
        this.inputs = whole.inputOffset(from);
        this.squares = whole.squareOffset(from);
        this.slices = NO_SLICES;
    }

    /** @throws BadMappedFileException if the file is too short to be looked at */
    static void requireLength(long length, Path file) throws BadMappedFileException {
        if (length < Layout.HEADER_BYTES) {
            throw bad("file too short for a header", Layout.HEADER_BYTES + " or more", length, file);
        }
    }

    private static long checkedCount(ByteBuffer header, long length, Path file) throws BadMappedFileException {
        long magic = header.getLong(Layout.MAGIC_OFFSET);
        if (magic != Layout.MAGIC) {
            throw bad("magic mismatch", Long.toHexString(Layout.MAGIC), Long.toHexString(magic), file);
        }
        int version = header.getInt(Layout.VERSION_OFFSET);
        if (version != Layout.VERSION) {
            throw bad("version mismatch", Layout.VERSION, version, file);
        }
        long count = header.getLong(Layout.COUNT_OFFSET);
        int slices = header.getInt(Layout.SLICES_OFFSET);
        if (slices < 0 || slices > Layout.MAX_SLICES) {
            throw bad("slices out of range", "0 to " + Layout.MAX_SLICES, slices, file);
        }
        if (count < 0 || count > Layout.maxCount(slices)) {
            throw bad("count out of range", "0 to " + Layout.maxCount(slices), count, file);
        }
        long expected = Layout.fileBytes(slices, count);
        if (expected != length) {
            throw bad("length disagrees with count=" + count, expected, length, file);
        }
        return count;
    }

    private static BadMappedFileException bad(String what, Object expected, Object actual, Path file) {
        return new BadMappedFileException(what + ": expected=" + expected + " actual=" + actual + " file=" + file);
    }

    long count() {
        return count;
    }

    /** Where it begins in the whole list. */
    long from() {
        return from;
    }

    long inputOffset(long index) {
        return inputs + index * Long.BYTES;
    }

    long squareOffset(long index) {
        return squares + index * Long.BYTES;
    }

    boolean isSlice() {
        return isSlice;
    }

    int slices() {
        return slices.length;
    }

    /** @throws BadMappedFileException if there is none of that number */
    Header slice(int number) throws BadMappedFileException {
        if (number < 0 || number >= slices.length) {
            throw new BadMappedFileException("no such slice: " + number + " of " + slices.length);
        }
        return slices[number];
    }

    /** What all children have added to the sum that they have in common. */
    long sharedSum() {
        return header.getLong(Layout.SHARED_SUM_OFFSET);
    }

    void publishProgress(long squares) {
        VarHandle.releaseFence();
        header.putLong(Layout.WRITTEN_OFFSET, squares);
    }

    void publishDone(long sumHigh, long sumLow, long childPid) {
        header.putLong(Layout.SUM_LOW_OFFSET, sumLow);
        header.putLong(Layout.SUM_HIGH_OFFSET, sumHigh);
        header.putLong(Layout.CHILD_PID_OFFSET, childPid);
        VarHandle.releaseFence();
        header.putInt(Layout.STATE_OFFSET, Layout.DONE);
    }

    boolean isDone() {
        for (Header slice : slices) {
            if (!slice.isDone()) {
                return false;
            }
        }
        return slices.length > 0 || isPublished();
    }

    private boolean isPublished() {
        int state = header.getInt(Layout.STATE_OFFSET);
        VarHandle.acquireFence();
        return state == Layout.DONE;
    }

    long written() {
        long written = header.getLong(Layout.WRITTEN_OFFSET);
        for (Header slice : slices) {
            written += slice.written();
        }
        VarHandle.acquireFence();
        return written;
    }

    BigInteger sum() {
        BigInteger sum = publishedSum();
        for (Header slice : slices) {
            sum = sum.add(slice.publishedSum());
        }
        return sum;
    }

    private BigInteger publishedSum() {
        long high = header.getLong(Layout.SUM_HIGH_OFFSET);
        long low = header.getLong(Layout.SUM_LOW_OFFSET);
        if (high == 0 && low >= 0) {
            return BigInteger.valueOf(low);
        }
        BigInteger lowUnsigned = BigInteger.valueOf(low >>> 1).shiftLeft(1).add(BigInteger.valueOf(low & 1));
        return BigInteger.valueOf(high).shiftLeft(Long.SIZE).add(lowUnsigned);
    }

    long childPid() {
        return header.getLong(Layout.CHILD_PID_OFFSET);
    }
}
