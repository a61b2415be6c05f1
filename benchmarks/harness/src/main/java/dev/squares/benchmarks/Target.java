package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import dev.squares.benchmarks.Samples.Summary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A target, and one number that is compared with it: a sample over another, or one in bytes.
 *
 * @param better which way is better
 * @param goal what was promised
 * @param moonshot what would be wonderful; not a number if nobody said
 * @param over what is measured
 * @param under what it is compared with; null if the number stands for itself
 */
record Target(String what, Better better, double goal, double moonshot, Key over, @Nullable Key under) {
    private static final String POOLED = Contender.POOLED.title();
    private static final String FRESH = Contender.FRESH.title();
    private static final String ARRAY = Contender.ARRAY.title();
    private static final String FORK = Contender.LECTURE_FORK.title();
    private static final int SMALL = HttpTurns.SMALL;
    private static final int LARGE = 1_000_000;
    private static final long LARGER = 10_000_000;
    private static final long BASE = 100_000;
    private static final double MEGA = 1e6;
    private static final double PERCENT = 100;

    /** Which way is better. */
    enum Better {
        LOWER("≤"),
        HIGHER("≥");

        private final String sign;

        Better(String sign) {
            this.sign = sign;
        }
    }

    static List<Target> all() {
        return List.of(
                lower("`pooled`, n=4, one connection: latency over in-process `long[]`", 1.25, 1,
                        new Key(Quantity.LOADED_LATENCY, POOLED, 1), new Key(Quantity.LOADED_LATENCY, ARRAY, 1)),
                rate(8),
                rate(32),
                rateByIpc(Contender.NONE, "none"),
                rateByIpc(Contender.MESSAGE, "message-passing"),
                middleLatency(100),
                middleLatency(1_000),
                lower("`fresh`, n=4, one request each 150 ms: latency over in-process `long[]`", 1.8, 1.3,
                        new Key(Quantity.PACED_LATENCY, FRESH, SMALL), new Key(Quantity.PACED_LATENCY, ARRAY, SMALL)),
                higher("the same: how many times faster than the lecture by `fork`", 4, 10,
                        new Key(Quantity.PACED_LATENCY, FORK, SMALL), new Key(Quantity.PACED_LATENCY, FRESH, SMALL)),
                freshOverPooled("10^3", 1_000, 4, 2),
                freshOverPacedPooled(1_000, 4, 2),
                freshOverPooled("10^5", BASE, 1.5, 1.1),
                freshOverPacedPooled(BASE, 1.5, 1.1),
                higher("`fresh`, n=4, 2 connections: rate over what the cores allow for an empty JVM", 0.7, 0.9,
                        new Key(Quantity.RATE, FRESH, StartTurns.CONNECTIONS),
                        new Key(Quantity.RATE, StartTurns.CORES_ALLOW, StartTurns.CONNECTIONS)),
                lower("start to exit of a worker with one job over an empty `main`", 1.15, Double.NaN,
                        new Key(Quantity.START_TO_EXIT, StartTurns.WORKER, SMALL),
                        new Key(Quantity.START_TO_EXIT, StartTurns.EMPTY, SMALL)),
                higher("first answer of a coordinator after its start: how many times sooner as in the images", 2,
                        Double.NaN, new Key(Quantity.FIRST_ANSWER, FirstStartTurns.JAR, SMALL),
                        new Key(Quantity.FIRST_ANSWER, FirstStartTurns.IMAGE, SMALL)),
                lower("`pooled`, n=10^6, two lists out: time over in-process `long[]`, one list out", 1.3, 1,
                        new Key(Quantity.LATENCY, POOLED, LARGE), new Key(Quantity.LATENCY, ARRAY, LARGE)),
                higher("the same: how many times faster than in-process `List<Long>`", 1, 2,
                        new Key(Quantity.LATENCY, Contender.LIST.title(), LARGE),
                        new Key(Quantity.LATENCY, POOLED, LARGE)),
                higher("the same: how many times faster than the lecture by `fork`", 10, 30,
                        new Key(Quantity.LATENCY, FORK, LARGE), new Key(Quantity.LATENCY, POOLED, LARGE)),
                lower("`pooled`, time for one element at n=10^7 over n=10^5", 1.1, Double.NaN,
                        new Key(Quantity.LATENCY, POOLED, LARGER), new Key(Quantity.LATENCY, POOLED, BASE)),
                lower("n=10^7 through `-Xmx128m`: coordinator's peak resident memory over n=10^5, without the pages"
                        + " of the mapped file", 1.3, 1.1,
                        new Key(Quantity.PEAK_UNSHARED, POOLED, LARGER), new Key(Quantity.PEAK_UNSHARED, POOLED, BASE)),
                lower("the same, with them", 1.3, 1.1,
                        new Key(Quantity.PEAK_RESIDENT, POOLED, LARGER), new Key(Quantity.PEAK_RESIDENT, POOLED, BASE)),
                higher("`pooled`, n=10^6: how many times faster by two processes than by one", 1.25, Double.NaN,
                        new Key(Quantity.BY_PROCESSES, CooperationTurns.pooled(LARGE), 1),
                        new Key(Quantity.BY_PROCESSES, CooperationTurns.pooled(LARGE), 2)),
                higher("the same of squaring and encoding alone, which nobody reads", 1.7, Double.NaN,
                        new Key(Quantity.BY_PROCESSES, CooperationTurns.kernel(LARGE), 1),
                        new Key(Quantity.BY_PROCESSES, CooperationTurns.kernel(LARGE), 2)),
                lower("idle stand-by worker: proportional memory", 25 * MEGA, 18 * MEGA,
                        new Key(Quantity.IDLE_PROPORTIONAL, Main.STANDBY, 0), null));
    }

    private static Target rate(int connections) {
        return higher("`pooled`, n=4, " + connections + " connections: rate over in-process `long[]`", 0.75, 1,
                new Key(Quantity.RATE, POOLED, connections), new Key(Quantity.RATE, ARRAY, connections));
    }

    private static Target rateByIpc(Contender contender, String ipc) {
        return higher("`pooled`, `ipc=" + ipc + "`, n=4, 8 connections: rate over in-process `long[]`", 0.6, 0.9,
                new Key(Quantity.RATE, contender.title(), 8), new Key(Quantity.RATE, ARRAY, 8));
    }

    private static Target middleLatency(int length) {
        return lower("`pooled`, n=" + length + ", one connection: latency over in-process `long[]`", 1.5, 1.2,
                new Key(Quantity.LOADED_LATENCY, HttpTurns.subject(Contender.POOLED, length), 1),
                new Key(Quantity.LOADED_LATENCY, HttpTurns.subject(Contender.ARRAY, length), 1));
    }

    private static Target freshOverPooled(String shown, long length, double goal, double moonshot) {
        return lower("`fresh`, n=" + shown + ", one request each 150 ms: latency over `pooled`", goal, moonshot,
                new Key(Quantity.LATENCY, FRESH, length), new Key(Quantity.LATENCY, POOLED, length));
    }

    private static Target freshOverPacedPooled(long length, double goal, double moonshot) {
        return lower("the same, where `pooled` is asked each 150 ms, too", goal, moonshot,
                new Key(Quantity.PACED_LATENCY, FRESH, length), new Key(Quantity.PACED_LATENCY, POOLED, length));
    }

    private static Target lower(String what, double goal, double moonshot, Key over, @Nullable Key under) {
        return new Target(what, Better.LOWER, goal, moonshot, over, under);
    }

    private static Target higher(String what, double goal, double moonshot, Key over, Key under) {
        return new Target(what, Better.HIGHER, goal, moonshot, over, under);
    }

    /** A row of a Markdown table: what, target, moonshot, measured, range over the rounds, medians, verdict. */
    String row(Samples samples) {
        String wanted = "| " + what + " | " + better.sign + " " + shown(goal) + " | "
                + (Double.isNaN(moonshot) ? "" : better.sign + " " + shown(moonshot)) + " | ";
        if (!samples.has(over) || (under != null && !samples.has(under))) {
            return wanted + "not measured | | | |";
        }
        Summary measured = measured(samples);
        String medians = Shown.value(over.quantity(), samples.summary(over).median())
                + (under == null ? "" : " / " + Shown.value(under.quantity(), samples.summary(under).median()));
        return wanted + "**" + shown(measured.median()) + "** | " + shown(measured.min()) + " to "
                + shown(measured.max()) + " | " + (under == null ? "" : medians) + " | " + verdict(measured.median())
                + " |";
    }

    private Summary measured(Samples samples) {
        if (under == null) {
            return samples.summary(over);
        }
        // Other lengths have other totals: what is compared is the time for one element.
        boolean perElement = over.quantity() == Quantity.LATENCY && over.at() != under.at();
        double scale = perElement ? (double) under.at() / over.at() : 1;
        return samples.ratio(over, under).times(scale);
    }

    private String shown(double value) {
        return under == null ? Shown.value(over.quantity(), value) : Shown.ratio(value);
    }

    private String verdict(double measured) {
        if (isReached(measured, moonshot)) {
            return "moonshot";
        }
        if (isReached(measured, goal)) {
            return "met";
        }
        double missedBy = better == Better.LOWER ? measured / goal - 1 : 1 - measured / goal;
        return "missed by %.0f %%".formatted(missedBy * PERCENT);
    }

    private boolean isReached(double measured, double limit) {
        return better == Better.LOWER ? measured <= limit : measured >= limit;
    }
}
