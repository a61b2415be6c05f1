package dev.squares.worker.child;

/** What a {@link MisbehavingWorker} can do wrong. */
public enum Misbehaviour {
    CRASH_BEFORE_MAPPING,
    CRASH_HALFWAY,
    KILLED_HALFWAY,
    CRASH_AFTER_PUBLISHING,
    CRASH_AFTER_REPORTING,
    EXIT_SILENTLY,
    CLOSE_STDOUT,
    REPORT_BEFORE_THE_JOB,
    GARBAGE,
    HALF_A_LINE,
    EMPTY_LINE,
    ENDLESS_NUMBER,
    ENDLESS_SPACE,
    ENDLESS_SQUARES,
    DEEP_NESTING,
    TWO_LINES,
    NOTHING_BUT_A_PID,
    UNKNOWN_MEMBER,
    WRONG_COUNT,
    WRONG_KIND,
    LOUD_AND_RIGHT,
    ENDLESS_STDERR,
    HANG,
    HANG_AND_IGNORE_TERM,
    HANG_IN_MID_REPORT,
    REPORT_AND_IGNORE_THE_END,
    REPORT_OTHER_SQUARES,
    REPORT_WITHOUT_PUBLISHING,
    WAIT_FOR_THE_TEST;

    private static final long FIRST = 1_000_000;

    /** A list of four numbers that asks for it. */
    public String list() {
        return "[" + (FIRST + ordinal()) + ",2,3,4]";
    }

    /** The one that a list's first number asks for; null if none. */
    static Misbehaviour of(long number) {
        long ordinal = number - FIRST;
        return ordinal >= 0 && ordinal < values().length ? values()[(int) ordinal] : null;
    }
}
