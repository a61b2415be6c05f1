package dev.squares.worker.child;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.SharedSum;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/** The work itself: squares every input of a mapped file in place, and adds the squares up. */
final class Squaring {
    /** Elements between two publications of the progress: 64 KB of squares, some 10 to 20 microseconds. */
    private static final int BLOCK = 8192;

    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final ChildMapping file;
    private final @Nullable SharedSum sharedSum;
    private long sumHigh;
    private long sumLow;

    /** @param sharedSum what the squares are added to besides; null if there is no such sum */
    Squaring(ChildMapping file, @Nullable SharedSum sharedSum) {
        this.file = file;
        this.sharedSum = sharedSum;
    }

    /**
     * Squares and publishes.
     *
     * @throws ArithmeticException if a square does not fit 64 bits; nothing is published as done then
     */
    static void run(ChildMapping file, long pid) {
        run(file, null, pid);
    }

    /** As {@link #run(ChildMapping, long)}, and adds every square to a sum that others add to as well. */
    static void run(ChildMapping file, @Nullable SharedSum sharedSum, long pid) {
        long count = file.count();
        Squaring squaring = new Squaring(file, sharedSum);
        for (long from = 0; from < count; from += BLOCK) {
            squaring.run(from, (int) Math.min(BLOCK, count - from));
        }
        squaring.publish(pid);
    }

    /**
     * Squares some, at most {@link #BLOCK}, and publishes that they are there.
     *
     * @throws ArithmeticException as above
     */
    void run(long from, int length) {
        LongBuffer inputs = file.inputs(from, length);
        LongBuffer squares = file.squares(from, length);
        // Two halves of 32 bits each: a block of sums of them cannot overflow, so the inner loop needs no carry.
        long lowHalves = 0;
        long highHalves = 0;
        boolean overflow = false;
        for (int i = 0; i < length; i++) {
            long input = inputs.get(i);
            overflow |= input > MappedFile.MAX_INPUT | input < -MappedFile.MAX_INPUT;
            long square = input * input;
            squares.put(i, square);
            lowHalves += square & LOW_HALF;
            highHalves += square >>> Integer.SIZE;
        }
        if (overflow) {
            throw new ArithmeticException(
                    "a square does not fit 64 bits: between index=" + from + " and " + (from + length - 1));
        }
        long blockHigh = highHalves >>> Integer.SIZE;
        long blockLow = (highHalves << Integer.SIZE) + lowHalves;
        if (Long.compareUnsigned(blockLow, lowHalves) < 0) {
            blockHigh++;
        }
        sumLow += blockLow;
        sumHigh += blockHigh + (Long.compareUnsigned(sumLow, blockLow) < 0 ? 1 : 0);
        if (sharedSum != null) {
            sharedSum.add(squares, length);
        }
        file.publishProgress(from + length);
    }

    /** Publishes that all of them are there. */
    void publish(long pid) {
        file.publishDone(sumHigh, sumLow, pid);
    }
}
