package dev.squares.worker.parent;

import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A short job that keeps what both sides have said. */
final class TestJob implements ShortJob {
    private final long[] list;
    private final Mapping mapping;
    private long[] reported;
    private long[] observed;
    private ReportSummary summary;
    /** What it was told at the end without a report; negative if it was not. */
    long written = -1;

    TestJob(long... list) {
        this(list, Mapping.SHARED);
    }

    TestJob(long[] list, Mapping mapping) {
        this.list = list;
        this.mapping = mapping;
    }

    @Override
    public long[] list() {
        return list;
    }

    @Override
    public Mapping mapping() {
        return mapping;
    }

    @Override
    public View view() {
        return View.FULL;
    }

    @Override
    public void reported(MappedFile memory, InputStream report) throws IOException, InvalidReportException {
        reported = new long[0];
        summary = ReportParser.parse(report, View.FULL, 1000, (squares, length) -> {
            int before = reported.length;
            reported = Arrays.copyOf(reported, before + length);
            System.arraycopy(squares, 0, reported, before, length);
        });
        observed = new long[memory.isDone() ? (int) memory.count() : 0];
        memory.squares(0, observed.length).get(observed);
    }

    @Override
    public void ended(long squaresWritten) {
        written = squaresWritten;
    }

    long pid() {
        return summary.pid();
    }

    /** Whether the child has squared this list, and the parent has seen as much as it should. */
    boolean isRight() {
        long[] squares = Arrays.stream(list).map(input -> input * input).toArray();
        return Arrays.equals(reported, squares) && summary.count() == squares.length
                && Arrays.equals(observed, mapping == Mapping.SHARED ? squares : new long[0]);
    }
}
