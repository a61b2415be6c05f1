package dev.squares.worker.parent;

import java.io.IOException;
import java.io.InputStream;

/** Takes a child's report while it arrives. */
@FunctionalInterface
public interface ReportReader {
    /**
     * Reads one report to its end.
     *
     * @param report the line's bytes, without its end; never more than the job allows
     * @throws InvalidReportException if it is not a report
     * @throws IOException if the report cannot be read, or what was read cannot be kept
     */
    void read(InputStream report) throws IOException, InvalidReportException;
}
