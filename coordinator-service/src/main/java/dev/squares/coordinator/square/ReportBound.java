package dev.squares.coordinator.square;

import dev.squares.worker.memory.Job.View;

/** How much shared memory a report can take. */
final class ReportBound {
    /** Names, two 64-bit numbers and a 128-bit one. */
    private static final int BESIDE_SQUARES = 256;

    /** A slice may be longer than others are. */
    private static final int LONGER = 16;

    private ReportBound() {}

    /**
     * The most bytes in the shared directory that the reports of honest children take together, each on a slice.
     *
     * @param slices how many; 0 if there is one child, for all of the list
     */
    static long bytes(View view, int slices, long count, long largest) {
        return slices == 0
                ? bytes(view, count, largest)
                : slices * bytes(view, count / slices + LONGER, largest);
    }

    /**
     * The most bytes in the shared directory that the report of an honest child takes: none where the heap holds it.
     *
     * @param largest the largest magnitude in the list
     */
    static long bytes(View view, long count, long largest) {
        int digits = Long.toString(largest * largest).length();
        long report = BESIDE_SQUARES + (view == View.FULL ? count * (digits + 1) : 0);
        return report <= SpillBuffer.MAX_ON_HEAP ? 0 : report;
    }
}
