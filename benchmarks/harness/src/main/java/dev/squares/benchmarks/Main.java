package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import dev.squares.benchmarks.Turn.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** One run: every contender has its turn once in each round, in an order that changes from round to round. */
public final class Main {
    static final String STANDBY = "stand-by worker";

    /** {@code EX_TEMPFAIL} of sysexits(3). */
    private static final int TEMPORARY_FAILURE = 75;

    private static final int WARM_UP = 0;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Options options;
    private final long start = System.nanoTime();
    private final Samples samples = new Samples();
    private final Random random = new Random();
    private int failures;

    private Main(Options options) {
        this.options = options;
    }

    /** Ends with 0 if everything could be measured, whatever the measurements say. */
    public static void main(String[] args) throws IOException, InterruptedException {
        // A point is a point, on any machine.
        Locale.setDefault(Locale.ROOT);
        System.setProperty("java.awt.headless", "true");
        // A lock that keeps two runs apart would be held by whoever measures anything else on this machine.
        System.setProperty("jmh.ignoreLock", "true");
        Main run = new Main(Options.parse(args));
        Machine machine = Machine.look(run.options.place());
        if (machine.isBusy() && run.options.counts()) {
            System.err.printf("The machine is busy with something else: %.0f %% of its cores. A run for the page wants "
                    + "them all; --only and --quick do not.%n", machine.busy() * 100);
            System.exit(TEMPORARY_FAILURE);
        }
        run.run(machine);
        System.exit(run.failures == 0 ? 0 : 1);
    }

    private double seconds() {
        return (System.nanoTime() - start) / NANOS_PER_SECOND;
    }

    private void run(Machine machine) throws IOException, InterruptedException {
        try (Stage stage = new Stage(options.place())) {
            if (options.only().matcher("standby").find()) {
                measureStandby(stage);
            }
            List<Comparison> comparisons = Comparisons.of(options, stage);
            for (int round = WARM_UP; round <= options.rounds(); round++) {
                for (Comparison comparison : Comparisons.shuffled(comparisons, random)) {
                    if (round <= comparison.rounds()) {
                        run(comparison, round);
                    }
                }
            }
        }
        Files.createDirectories(options.output());
        samples.write(options.place().samples());
        double minutes = seconds() / 60;
        new Page(options, machine, samples, minutes).write();
    }

    private void run(Comparison comparison, int round) throws InterruptedException {
        for (Turn turn : Comparisons.shuffled(comparison.turns(), random)) {
            if (round > WARM_UP || turn.warmsUp()) {
                String what = (round == WARM_UP ? "warm-up" : "round " + round) + " " + comparison.name() + " "
                        + turn.who();
                take(what, turn.measurement(), round);
            }
        }
    }

    /** A turn that fails costs its samples, not the run. */
    private void take(String what, Turn.Measurement measurement, int round) throws InterruptedException {
        System.err.printf("%4.0f s: %s%n", seconds(), what);
        Recorder recorder = (key, sample) -> {
            if (round > WARM_UP) {
                samples.add(round, key, sample);
            }
        };
        try {
            measurement.run(recorder);
        } catch (IOException | RuntimeException e) {
            failures++;
            System.err.println("FAILED: " + what + ": " + e);
        }
    }

    /** First of all, as long as there is no other JVM that would share the pages of the worker's. */
    private void measureStandby(Stage stage) throws InterruptedException {
        for (int round = 1; round <= options.rounds(); round++) {
            take("round " + round + " stand-by", recorder -> {
                Server coordinator = stage.server(Server.Kind.COORDINATOR);
                recorder.add(new Key(Quantity.IDLE_PROPORTIONAL, STANDBY, 0),
                        MemoryTurns.idleProportional(coordinator));
                try (HttpConnection connection = new HttpConnection(coordinator.port())) {
                    for (int i = 0; i < coordinator.workers().size(); i++) {
                        connection.post(Contender.FRESH.path(), IntegerList.of(HttpTurns.SMALL));
                    }
                }
                coordinator.settle();
            }, round);
        }
    }
}
