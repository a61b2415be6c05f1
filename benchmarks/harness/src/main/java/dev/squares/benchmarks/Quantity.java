package dev.squares.benchmarks;

/** What is measured, each in one unit; and what a sample is measured at: so many connections, or so many elements. */
enum Quantity {
    /** Answers a second, by connections. */
    RATE("requests/s", "connections"),
    /** Median time of a request while so many connections ask without a pause, in seconds. */
    LOADED_LATENCY("s", "connections"),
    /** Median time of a request on one connection that pauses between two, in seconds. */
    PACED_LATENCY("s", "elements"),
    /** Median time of a request on one connection, in seconds. */
    LATENCY("s", "elements"),
    /** The most memory that a process had in use at once, shared memory included, in bytes. */
    PEAK_RESIDENT("B", "elements"),
    /** The same without the pages of shared memory, in bytes. */
    PEAK_UNSHARED("B", "elements"),
    /** Memory of an idle process, pages that it shares counted in proportion, in bytes. */
    IDLE_PROPORTIONAL("B", "elements"),
    /** Time from the start of a process to its exit, in seconds. */
    START_TO_EXIT("s", "elements"),
    /** Processor time of a process from its start to its exit, in seconds. */
    START_TO_EXIT_CPU("s", "elements"),
    /** Time from the start of a service to its first answer, in seconds. */
    FIRST_ANSWER("s", "elements"),
    /** Time for one element, in seconds. */
    KERNEL("s", "elements"),
    /** Time of one list by so many processes, or threads, in seconds. */
    BY_PROCESSES("s", "processes"),
    /** Time to add one element to a sum that so many processes add to, in seconds. */
    UPDATE("s", "processes"),
    /** Time to add one to a word in memory while another core does so to a word so many bytes apart, in seconds. */
    WRITE("s", "bytes apart");

    private final String unit;
    private final String axis;

    Quantity(String unit, String axis) {
        this.unit = unit;
        this.axis = axis;
    }

    String unit() {
        return unit;
    }

    String axis() {
        return axis;
    }
}
