package dev.squares.worker.process;

import dev.squares.worker.memory.MappedFile;

/** The work itself: squares every input of a mapped file in place, and adds the squares up. */
final class Squaring {
    /** Elements between two publications of the progress: 64 KB of squares, some 10 to 20 microseconds. */
    private static final int BLOCK = 8192;

    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private Squaring() {}

    /**
     * Squares and publishes.
     *
     * @throws ArithmeticException if a square does not fit 64 bits; nothing is published as done then
     */
    static void run(MappedFile file, long pid) {
        long count = file.count();
        long sumHigh = 0;
        long sumLow = 0;
        for (long from = 0; from < count; from += BLOCK) {
            long to = Math.min(from + BLOCK, count);
            // Two halves of 32 bits each: a block of sums of them cannot overflow, so the inner loop needs no carry.
            long lowHalves = 0;
            long highHalves = 0;
            boolean overflow = false;
            for (long i = from; i < to; i++) {
                long input = file.input(i);
                overflow |= input > MappedFile.MAX_INPUT | input < -MappedFile.MAX_INPUT;
                long square = input * input;
                file.putSquare(i, square);
                lowHalves += square & LOW_HALF;
                highHalves += square >>> Integer.SIZE;
            }
            if (overflow) {
                throw new ArithmeticException(
                        "a square does not fit 64 bits: between index=" + from + " and " + (to - 1));
            }
            long blockHigh = highHalves >>> Integer.SIZE;
            long blockLow = (highHalves << Integer.SIZE) + lowHalves;
            if (Long.compareUnsigned(blockLow, lowHalves) < 0) {
                blockHigh++;
            }
            sumLow += blockLow;
            sumHigh += blockHigh + (Long.compareUnsigned(sumLow, blockLow) < 0 ? 1 : 0);
            file.publishProgress(to);
        }
        file.publishDone(sumHigh, sumLow, pid);
    }
}
