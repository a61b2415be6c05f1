package dev.squares.worker.memory;

import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The header of a mapped file: what is published there, and whether a file is one at all. What the child stores before it
 * publishes, a parent sees after it has looked.
 */
final class Header {
    private final ByteBuffer header;
    private final long count;

    /**
     * @param header the mapped header
     * @param length the file's, in bytes
     * @throws BadMappedFileException if it is not the header of a whole mapped file of this version
     */
    Header(ByteBuffer header, long length, Path file) throws BadMappedFileException {
        this.header = header;
        this.count = checkedCount(header, length, file);
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
        if (count < 0 || count > Layout.maxCount()) {
            throw bad("count out of range", "0 to " + Layout.maxCount(), count, file);
        }
        if (Layout.fileBytes(count) != length) {
            throw bad("length disagrees with count=" + count, Layout.fileBytes(count), length, file);
        }
        return count;
    }

    private static BadMappedFileException bad(String what, Object expected, Object actual, Path file) {
        return new BadMappedFileException(what + ": expected=" + expected + " actual=" + actual + " file=" + file);
    }

    long count() {
        return count;
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
        int state = header.getInt(Layout.STATE_OFFSET);
        VarHandle.acquireFence();
        return state == Layout.DONE;
    }

    long written() {
        long written = header.getLong(Layout.WRITTEN_OFFSET);
        VarHandle.acquireFence();
        return written;
    }

    BigInteger sum() {
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
