package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Two cores, each of which writes to a word of its own: on one cache line, they take it from each other. It makes no difference to the
 * hardware whether two threads or two processes do so.
 */
final class FalseSharingTurns {
    static final String SUBJECT = "two cores, a word each";

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final List<Integer> DISTANCES = List.of(8, 64, 128);
    private static final int WRITES = 20_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private FalseSharingTurns() {}

    static List<Turn> byDistance() {
        return DISTANCES.stream()
                .map(distance -> new Turn(SUBJECT + ", " + distance, true,
                        recorder -> recorder.add(new Key(Quantity.WRITE, SUBJECT, distance), write(distance))))
                .toList();
    }

    private static double write(int distance) throws InterruptedException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(2L * distance + Long.BYTES, 2L * distance);
            CountDownLatch ready = new CountDownLatch(2);
            double[] seconds = new double[2];
            List<Thread> threads = Stream.of(0, 1).map(core -> Thread.ofPlatform().start(() -> {
                ready.countDown();
                while (ready.getCount() > 0) {
                    Thread.onSpinWait();
                }
                long start = System.nanoTime();
                count(memory, (long) core * distance);
                seconds[core] = (System.nanoTime() - start) / NANOS_PER_SECOND;
            })).toList();
            for (Thread thread : threads) {
                thread.join();
            }
            return (seconds[0] + seconds[1]) / 2 / WRITES;
        }
    }

    private static void count(MemorySegment memory, long offset) {
        for (int i = 0; i < WRITES; i++) {
            LONG.setOpaque(memory, offset, (long) LONG.getOpaque(memory, offset) + 1);
        }
    }
}
