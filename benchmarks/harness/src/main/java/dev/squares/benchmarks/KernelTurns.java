package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import dev.squares.worker.child.KernelBenchmark;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The squaring loop alone, and the floor below it, each in a JVM of JMH's. */
final class KernelTurns {
    static final String SQUARING = "squaring";
    static final String COPYING = "copying";

    private static final double NANOS_PER_SECOND = 1e9;

    private final Options options;

    KernelTurns(Options options) {
        this.options = options;
    }

    List<Turn> both(int count) {
        return List.of(turn(SQUARING, count), turn(COPYING, count));
    }

    private Turn turn(String method, int count) {
        return new Turn(method, false, recorder -> {
            TimeValue time = TimeValue.milliseconds(options.quick() ? 200 : 500);
            try {
                RunResult result = new Runner(new OptionsBuilder()
                        .include(KernelBenchmark.class.getName() + "." + method + "$")
                        .param("count", Integer.toString(count))
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(time)
                        .measurementIterations(3)
                        .measurementTime(time)
                        .verbosity(VerboseMode.SILENT)
                        .jvmArgsAppend(
                                "-XX:+UseSerialGC",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-D" + KernelBenchmark.FOLDER + "=" + options.place().shared())
                        .build())
                        .runSingle();
                double seconds = result.getPrimaryResult().getScore() / NANOS_PER_SECOND;
                recorder.add(new Key(Quantity.KERNEL, method, count), seconds / count);
            } catch (RunnerException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
