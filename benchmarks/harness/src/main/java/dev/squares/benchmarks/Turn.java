package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import java.io.IOException;

/**
 * One contender's turn in a comparison.
 *
 * @param who for the progress line
 * @param warmsUp whether a turn whose samples are thrown away comes before the first round
 */
record Turn(String who, boolean warmsUp, Measurement measurement) {
    /** Measures for a while. */
    @FunctionalInterface
    interface Measurement {
        void run(Recorder recorder) throws IOException, InterruptedException;
    }

    /** Takes samples. */
    @FunctionalInterface
    interface Recorder {
        void add(Key key, double sample);
    }
}
