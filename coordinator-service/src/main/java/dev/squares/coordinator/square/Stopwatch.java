package dev.squares.coordinator.square;

/** The times between laps: metrics, and the value of a Server-Timing header in milliseconds, see the W3C's Server Timing. */
final class Stopwatch {
    private static final double NANOS_PER_MICRO = 1e3;

    private final JobMeters meters;
    private final StringBuilder laps = new StringBuilder();
    private long last = System.nanoTime();

    Stopwatch(JobMeters meters) {
        this.meters = meters;
    }

    void lap(String name) {
        long now = System.nanoTime();
        meters.step(name, now - last);
        double millis = Math.round((now - last) / NANOS_PER_MICRO) / 1e3;
        laps.append(laps.isEmpty() ? "" : ", ").append(name).append(";dur=").append(millis);
        last = now;
    }

    @Override
    public String toString() {
        return laps.toString();
    }
}
