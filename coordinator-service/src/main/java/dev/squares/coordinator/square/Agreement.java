package dev.squares.coordinator.square;

import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.parent.ReportParser;
import java.util.Arrays;

/**
 * Holds the squares of a report against those in the parent's mapping, while they pass by: whether both are the same is the
 * third member of the answer, and the squares are only looked for once.
 */
final class Agreement implements ReportParser.Squares {
    private final MappedFile memory;
    private long[] own = new long[0];
    private long index;
    private boolean equal = true;

    Agreement(MappedFile memory) {
        this.memory = memory;
    }

    @Override
    public void next(long[] squares, int length) {
        // The child publishes before it reports: what is not there at the first square will not come.
        equal = equal && memory.isDone() && index + length <= memory.count() && isInMemory(squares, length);
        index += length;
    }

    private boolean isInMemory(long[] squares, int length) {
        if (own.length < length) {
            own = new long[length];
        }
        memory.squares(index, length).get(own, 0, length);
        return Arrays.equals(own, 0, length, squares, 0, length);
    }

    /** Whether the squares that have passed are those in the mapping, each and all. */
    boolean isComplete() {
        return equal && memory.isDone() && index == memory.count();
    }
}
