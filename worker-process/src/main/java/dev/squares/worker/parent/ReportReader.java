package dev.squares.worker.parent;

import dev.squares.worker.memory.Job.Step;
import java.io.IOException;
import java.io.InputStream;

/** Takes a child's report while it arrives. */
@FunctionalInterface
public interface ReportReader {
    /**
     * Takes a step that the child of an explained job has said, before its report. When this returns from {@link
     * dev.squares.worker.memory.Job.Step#PUBLISHED}, the child is told to go on.
     *
     * @param line of JSON, without its end
     * @throws InvalidReportException if it is not what it should be
     * @throws IOException if it cannot be passed on
     */
    default void step(Step step, String line) throws IOException, InvalidReportException {
        throw new InvalidReportException("a step of a job that is not explained");
    }

    /**
     * Reads one report to its end.
     *
     * @param report the line's bytes, without its end; never more than the job allows
     * @throws InvalidReportException if it is not a report
     * @throws IOException if the report cannot be read, or what was read cannot be kept
     */
    void read(InputStream report) throws IOException, InvalidReportException;
}
