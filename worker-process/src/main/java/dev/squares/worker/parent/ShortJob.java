package dev.squares.worker.parent;

import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.ParentMailbox;
import java.io.IOException;
import java.io.InputStream;

/** A job with a list that fits a slot of a worker's mailbox, see {@link ParentMailbox}. */
public interface ShortJob {
    /** At most {@link ParentMailbox#MAX_COUNT} integers. */
    long[] list();

    /** How the child maps the slot. */
    Mapping mapping();

    /** How much of the result the child reports. */
    View view();

    /**
     * Takes the report, while the slot is still what it was when the child wrote it.
     *
     * @param memory the parent's mapping of the slot, good until this returns
     * @param report the line's bytes, without its end
     * @throws InvalidReportException if it is not a report
     */
    void reported(MappedFile memory, InputStream report) throws IOException, InvalidReportException;

    /**
     * Is told that there will be no report.
     *
     * @param written how many squares have been published in the parent's mapping
     */
    void ended(long written);
}
