package dev.squares.worker.memory;

import java.nio.file.Path;
import java.util.Locale;

/**
 * One job, as the line a parent writes to a child's standard input: {@code square <file> <shared|private>
 * <full|summary>}. The file's name may contain spaces, but no line end.
 *
 * @param file the mapped file; a relative one is the child's working directory's
 * @param mapping how the child maps it
 * @param view how much of the result the child reports
 */
public record Job(Path file, Mapping mapping, View view) {
    /** What a person who typed another line is told. */
    public static final String USAGE = "square <file> <shared|private> <full|summary>";

    private static final String VERB = "square ";

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

    public Job {
        // Both end a line for the child's reader.
        if (file.toString().indexOf('\n') >= 0 || file.toString().indexOf('\r') >= 0) {
            throw new IllegalArgumentException("A job's file name has a line end in it");
        }
    }

    /** The line, without its end. */
    public String line() {
        return VERB + file + " " + word(mapping) + " " + word(view);
    }

    /**
     * Reads a line back.
     *
     * @throws IllegalArgumentException if it is not a job
     */
    public static Job parse(String line) {
        int lastSpace = line.lastIndexOf(' ');
        int middleSpace = line.lastIndexOf(' ', lastSpace - 1);
        if (!line.startsWith(VERB) || middleSpace <= VERB.length()) {
            throw new IllegalArgumentException("not a job: \"" + line + "\"; usage: " + USAGE);
        }
        Path file = Path.of(line.substring(VERB.length(), middleSpace));
        Mapping mapping = constant(Mapping.values(), line.substring(middleSpace + 1, lastSpace));
        View view = constant(View.values(), line.substring(lastSpace + 1));
        return new Job(file, mapping, view);
    }

    private static <E extends Enum<E>> E constant(E[] constants, String word) {
        for (E constant : constants) {
            if (word(constant).equals(word)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("unknown word: \"" + word + "\"; usage: " + USAGE);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
