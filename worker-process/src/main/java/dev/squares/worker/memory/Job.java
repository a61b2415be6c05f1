package dev.squares.worker.memory;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One job, as the line a parent writes to a child's standard input: {@code square <file> <shared|private>
 * <full|summary> [explained [<pace> [halfway]]]}. The file's name may contain spaces, but no line end.
 *
 * @param file the mapped file; a relative one is the child's working directory's
 * @param mapping how the child maps it
 * @param view how much of the result the child reports
 * @param explained whether the child says every {@link Step} before its report, and waits for {@link #GO_ON} at one of them
 * @param paceMillis how long the child of an explained job rests behind each page of squares
 * @param stopsHalfway whether the child of an explained job stops when half of the squares are there, and waits for {@link #GO_ON} then
 */
public record Job(
    Path file,
    Mapping mapping,
    View view,
    boolean explained,
    int paceMillis,
    boolean stopsHalfway
) {
    /** What a person who typed another line is told. */
    public static final String USAGE = "square <file> <shared|private> <full|summary> [explained [<pace> [halfway]]]";

    /** The slowest pace. */
    public static final int MAX_PACE_MILLIS = 500;

    /** The parent's word where the child waits for it, as a line. */
    public static final String GO_ON = "go on";

    private static final String VERB = "square ";
    private static final String EXPLAINED = " explained";
    private static final String HALFWAY = " halfway";

    /** A space and three digits. */
    private static final int MAX_PACE_CHARACTERS = 4;

    /** How a process maps the file. */
    public enum Mapping {
        /** {@code MAP_SHARED}: every write is seen by all who map the file. See mmap(2). */
        SHARED,
        /** {@code MAP_PRIVATE}: a write copies the page for the writer alone, as after a fork(2). See mmap(2). */
        PRIVATE
    }

    /** How much is reported. */
    public enum View {
        /** Pid, count, sum and every square. */
        FULL,
        /** Pid, count and sum. */
        SUMMARY
    }

    /** What the child of an explained job says, in this order, each as a line of JSON that begins with the name of the step. */
    public enum Step {
        /** The file is mapped, and no page but the first has been touched. */
        MAPPED,
        /** A page of squares has been published. */
        PROGRESS,
        /** Half of the squares have been published, where the child was told to stop then. It waits for the parent. */
        HALFWAY,
        /** All squares have been published. The child waits for the parent, which looks in the meantime. */
        PUBLISHED,
        /** The child has looked again, after the parent has. The report is next. */
        LOOKED_AGAIN;

        /** The step that a line says; null if it is none. */
        public static @Nullable Step of(String line) {
            for (Step step : values()) {
                if (line.startsWith(step.opening())) {
                    return step;
                }
            }
            return null;
        }

        /** How its line begins: the rest are members and a closing brace. */
        public String opening() {
            return "{\"step\":\"" + word(this).replace('_', '-') + "\"";
        }
    }

    /** One that is not explained. */
    public Job(Path file, Mapping mapping, View view) {
        this(file, mapping, view, false, 0, false);
    }

    public Job {
        if (paceMillis < 0 || paceMillis > MAX_PACE_MILLIS || paceMillis > 0 && !explained) {
            throw new IllegalArgumentException("A job's pace is out of range: " + paceMillis);
        }
        if (stopsHalfway && !explained) {
            throw new IllegalArgumentException("A job that is not explained does not stop");
        }
        // Both end a line for the child's reader.
        if (file.toString().indexOf('\n') >= 0 || file.toString().indexOf('\r') >= 0) {
            throw new IllegalArgumentException("A job's file name has a line end in it");
        }
    }

    /** The line, without its end. */
    public String line() {
        return VERB + file + " " + word(mapping) + " " + word(view) + (explained ? EXPLAINED : "")
                + (paceMillis > 0 || stopsHalfway ? " " + paceMillis : "") + (stopsHalfway ? HALFWAY : "");
    }

    /**
     * Reads a line back.
     *
     * @throws IllegalArgumentException if it is not a job
     */
    public static Job parse(String line) {
        int end = line.lastIndexOf(EXPLAINED);
        String pace = end < 0 ? "no" : line.substring(end + EXPLAINED.length());
        if (pace.isEmpty()) {
            return parse(line.substring(0, end), true, 0, false);
        }
        boolean stopsHalfway = pace.endsWith(HALFWAY);
        if (stopsHalfway) {
            pace = pace.substring(0, pace.length() - HALFWAY.length());
        }
        // Only behind a whole job: a file may have any name.
        return pace.startsWith(" ") && pace.length() <= MAX_PACE_CHARACTERS && isNumber(pace, 1)
                ? parse(line.substring(0, end), true, Integer.parseInt(pace, 1, pace.length(), 10), stopsHalfway)
                : parse(line, false, 0, false);
    }

    private static boolean isNumber(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > from;
    }

    private static Job parse(String line, boolean explained, int paceMillis, boolean stopsHalfway) {
        int lastSpace = line.lastIndexOf(' ');
        int middleSpace = line.lastIndexOf(' ', lastSpace - 1);
        if (!line.startsWith(VERB) || middleSpace <= VERB.length()) {
            throw new IllegalArgumentException("not a job: \"" + line + "\"; usage: " + USAGE);
        }
        Path file = Path.of(line.substring(VERB.length(), middleSpace));
        Mapping mapping = constant(Mapping.values(), line.substring(middleSpace + 1, lastSpace));
        View view = constant(View.values(), line.substring(lastSpace + 1));
        return new Job(file, mapping, view, explained, paceMillis, stopsHalfway);
    }

    static <E extends Enum<E>> E constant(E[] constants, String word) {
        for (E constant : constants) {
            if (word(constant).equals(word)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("unknown word: \"" + word + "\"; usage: " + USAGE);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
