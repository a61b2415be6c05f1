package dev.squares.worker.memory;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One job, as the line a parent writes to a child's standard input: {@code square <file> <shared|private>
 * <full|summary> [explained [<pace> [halfway]] | slice <number> <own|unsynchronized|atomic|locked>]}. The file's name may contain
 * spaces, but no line end.
 *
 * @param file the mapped file; a relative one is the child's working directory's
 * @param mapping how the child maps it
 * @param view how much of the result the child reports
 * @param explained whether the child says every {@link Step} before its report, and waits for {@link #GO_ON} at one of them
 * @param paceMillis how long the child of an explained job rests behind each page of squares
 * @param stopsHalfway whether the child of an explained job stops when half of the squares are there, and waits for {@link #GO_ON} then
 * @param slice which part of the list it is for, of one that several children work on; null if it is for all of a list in one piece
 */
public record Job(
    Path file,
    Mapping mapping,
    View view,
    boolean explained,
    int paceMillis,
    boolean stopsHalfway,
    @Nullable Slice slice
) {
    /** What a person who typed another line is told. */
    public static final String USAGE = "square <file> <shared|private> <full|summary>"
            + " [explained [<pace> [halfway]] | slice <number> <own|unsynchronized|atomic|locked>]";

    /** The slowest pace. */
    public static final int MAX_PACE_MILLIS = 500;

    /** The parent's word where the child waits for it, as a line. */
    public static final String GO_ON = "go on";

    private static final String VERB = "square ";
    private static final String EXPLAINED = " explained";
    private static final String HALFWAY = " halfway";
    private static final String SLICE = " slice ";
    private static final int MAX_SLICE_DIGITS = 4;
    private static final String[] NO_WORDS = {};

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

    /**
     * A part of a list that several children work on.
     *
     * @param number of the slice, from 0
     * @param sum how the children add to the sum that they have in common
     */
    public record Slice(int number, SumMode sum) {
        /** The largest number. */
        public static final int MAX_NUMBER = Layout.MAX_SLICES - 1;

        public Slice {
            if (number < 0 || number > MAX_NUMBER) {
                throw new IllegalArgumentException("A slice's number is out of range: " + number);
            }
        }
    }

    /** One that is not explained, for all of a list. */
    public Job(Path file, Mapping mapping, View view) {
        this(file, mapping, view, false, 0, false, null);
    }

    /** One that is not explained, for a slice. */
    public Job(Path file, Mapping mapping, View view, Slice slice) {
        this(file, mapping, view, false, 0, false, slice);
    }

    public Job {
        if (paceMillis < 0 || paceMillis > MAX_PACE_MILLIS || paceMillis > 0 && !explained) {
            throw new IllegalArgumentException("A job's pace is out of range: " + paceMillis);
        }
        if (stopsHalfway && !explained) {
            throw new IllegalArgumentException("A job that is not explained does not stop");
        }
        if (slice != null && explained) {
            throw new IllegalArgumentException("A job for a slice is not explained");
        }
        // Both end a line for the child's reader.
        if (file.toString().indexOf('\n') >= 0 || file.toString().indexOf('\r') >= 0) {
            throw new IllegalArgumentException("A job's file name has a line end in it");
        }
    }

    /** The line, without its end. */
    public String line() {
        return VERB + file + " " + word(mapping) + " " + word(view) + (explained ? EXPLAINED : "")
                + (paceMillis > 0 || stopsHalfway ? " " + paceMillis : "") + (stopsHalfway ? HALFWAY : "")
                + (slice == null ? "" : SLICE + slice.number + " " + word(slice.sum));
    }

    /**
     * Reads a line back.
     *
     * @throws IllegalArgumentException if it is not a job
     */
    public static Job parse(String line) {
        int sliced = line.lastIndexOf(SLICE);
        String[] words = sliced < 0 ? NO_WORDS : line.substring(sliced + SLICE.length()).split(" ", -1);
        // Only behind a whole job: a file may have any name.
        if (words.length == 2 && words[0].length() <= MAX_SLICE_DIGITS && isNumber(words[0], 0)) {
            Slice slice = new Slice(Integer.parseInt(words[0]), constant(SumMode.values(), words[1]));
            return parse(line.substring(0, sliced), false, 0, false, slice);
        }
        int end = line.lastIndexOf(EXPLAINED);
        String pace = end < 0 ? "no" : line.substring(end + EXPLAINED.length());
        if (pace.isEmpty()) {
            return parse(line.substring(0, end), true, 0, false, null);
        }
        boolean stopsHalfway = pace.endsWith(HALFWAY);
        if (stopsHalfway) {
            pace = pace.substring(0, pace.length() - HALFWAY.length());
        }
        return pace.startsWith(" ") && pace.length() <= MAX_PACE_CHARACTERS && isNumber(pace, 1)
                ? parse(line.substring(0, end), true, Integer.parseInt(pace, 1, pace.length(), 10), stopsHalfway,
                        null)
                : parse(line, false, 0, false, null);
    }

    private static boolean isNumber(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > from;
    }

    private static Job parse(
            String line, boolean explained, int paceMillis, boolean stopsHalfway, @Nullable Slice slice) {
        int lastSpace = line.lastIndexOf(' ');
        int middleSpace = line.lastIndexOf(' ', lastSpace - 1);
        if (!line.startsWith(VERB) || middleSpace <= VERB.length()) {
            throw new IllegalArgumentException("not a job: \"" + line + "\"; usage: " + USAGE);
        }
        Path file = Path.of(line.substring(VERB.length(), middleSpace));
        Mapping mapping = constant(Mapping.values(), line.substring(middleSpace + 1, lastSpace));
        View view = constant(View.values(), line.substring(lastSpace + 1));
        return new Job(file, mapping, view, explained, paceMillis, stopsHalfway, slice);
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
