package dev.squares.benchmarks;

/** Numbers as people read them: three digits, and a unit that suits them. */
final class Shown {
    private static final double MEGA = 1e6;
    private static final double KILO = 1e3;

    private Shown() {}

    static String value(Quantity quantity, double value) {
        return switch (quantity) {
            case RATE -> digits(value) + "/s";
            case PEAK_RESIDENT, PEAK_UNSHARED, IDLE_PROPORTIONAL -> digits(value / MEGA) + " MB";
            case LOADED_LATENCY, PACED_LATENCY, LATENCY, START_TO_EXIT, START_TO_EXIT_CPU, FIRST_ANSWER, KERNEL,
                    BY_PROCESSES,
                    UPDATE, WRITE ->
                time(value);
        };
    }

    static String ratio(double ratio) {
        return digits(ratio) + "x";
    }

    /** A power of ten, or another number. */
    static String count(long count) {
        int zeros = Long.toString(count).replaceFirst("^10*$", "").isEmpty() ? Long.toString(count).length() - 1 : 0;
        return zeros > 2 ? "10^" + zeros : Long.toString(count);
    }

    private static String time(double seconds) {
        if (seconds >= 1) {
            return digits(seconds) + " s";
        }
        if (seconds >= 1 / KILO) {
            return digits(seconds * KILO) + " ms";
        }
        return seconds >= 1 / MEGA ? digits(seconds * MEGA) + " µs" : digits(seconds * MEGA * KILO) + " ns";
    }

    private static String digits(double value) {
        if (value >= 100) {
            return "%,.0f".formatted(value);
        }
        return (value >= 10 ? "%.1f" : "%.2f").formatted(value);
    }
}
