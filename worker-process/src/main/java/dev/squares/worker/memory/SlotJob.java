package dev.squares.worker.memory;

import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import java.nio.file.Path;

/**
 * A job for the list in a slot of the child's mailbox, as the line a parent writes to its standard input: {@code slot <number>
 * <shared|private> <full|summary>}. The line {@code mailbox <file>} has come before, to which the child says nothing.
 *
 * @param number of the slot, from 0
 * @param mapping how the child maps it
 * @param view how much of the result the child reports
 */
public record SlotJob(int number, Mapping mapping, View view) {
    private static final String VERB = "slot ";
    private static final String MAILBOX_VERB = "mailbox ";

    /** The line, without its end. */
    public String line() {
        return VERB + number + " " + Job.word(mapping) + " " + Job.word(view);
    }

    /** Whether a line is such a job, or nothing. */
    public static boolean isOne(String line) {
        return line.startsWith(VERB);
    }

    /**
     * Reads a line back.
     *
     * @throws IllegalArgumentException if it is not such a job
     */
    public static SlotJob parse(String line) {
        String[] words = line.split(" ", -1);
        if (!isOne(line) || words.length != 4) {
            throw new IllegalArgumentException("not a job: \"" + line + "\"");
        }
        return new SlotJob(
                Integer.parseInt(words[1]),
                Job.constant(Mapping.values(), words[2]),
                Job.constant(View.values(), words[3]));
    }

    /** The line that tells a child of its mailbox, without its end. */
    public static String mailboxLine(Path file) {
        return MAILBOX_VERB + file;
    }

    /** Whether a line tells of a mailbox. */
    public static boolean isMailbox(String line) {
        return line.startsWith(MAILBOX_VERB);
    }

    /** The file of one that does. */
    public static Path mailbox(String line) {
        return Path.of(line.substring(MAILBOX_VERB.length()));
    }
}
