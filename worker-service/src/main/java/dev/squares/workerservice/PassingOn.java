package dev.squares.workerservice;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Step;
import dev.squares.worker.parent.InvalidReportException;
import dev.squares.worker.parent.ReportParser;
import dev.squares.worker.parent.ReportReader;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;

/**
 * Passes on to the client what a child says, while it says it.
 *
 * @param awaitWord waits for the client's word, at the step at which the child waits for it
 */
record PassingOn(Job job, long maxBytes, HttpServletResponse response, Runnable awaitWord) implements ReportReader {
    @Override
    public void step(Step step, String line) throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
        if (step == Step.PUBLISHED) {
            awaitWord.run();
        }
    }

    /** Reads a report, and sends every block of it before the next is read. */
    @Override
    public void read(InputStream report) throws IOException, InvalidReportException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        InputStream passing = new FilterInputStream(report) {
            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                int got = super.read(to, offset, length);
                if (got > 0) {
                    response.getOutputStream().write(to, offset, got);
                }
                return got;
            }
        };
        ReportParser.parse(passing, job.view(), job.slice() != null, ReportParser.blockBytes(maxBytes),
                (squares, length) -> {});
    }
}
