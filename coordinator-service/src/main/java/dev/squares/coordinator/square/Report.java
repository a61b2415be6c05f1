package dev.squares.coordinator.square;

import dev.squares.coordinator.workers.Workers.Lease;
import dev.squares.worker.memory.IntegerEncoder;
import dev.squares.worker.memory.Job.Step;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.parent.InvalidReportException;
import dev.squares.worker.parent.ReportParser;
import dev.squares.worker.parent.ReportReader;
import dev.squares.worker.parent.ReportSummary;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a child reported. Checked while it arrives, held against the mapped file on the way, and kept as it is, to the letter: the
 * squares are never on the heap.
 */
final class Report implements ReportReader, AutoCloseable {
    /** Few: as many are held as there are clients that do not read. */
    private static final int DECODED_BYTES_AT_A_TIME = 4 * 1024;

    private final View view;
    private final MappedFile memory;
    private final ReportText text;
    private final @Nullable Explanation explanation;
    private ReportSummary summary = new ReportSummary(-1, -1, -1, BigInteger.valueOf(-1));
    /** Each and all. True where none were asked for. */
    private boolean squaresAreInMemory;

    /**
     * @param memory to hold the squares against
     * @param text to keep the report in; closed with it
     * @param explanation takes the steps that come before; null if the job is not explained
     */
    Report(View view, MappedFile memory, ReportText text, @Nullable Explanation explanation) {
        this.view = view;
        this.memory = memory;
        this.text = text;
        this.explanation = explanation;
    }

    /** The most bytes that the report can have. */
    long maxBytes() {
        return ReportParser.maxBytes(view, memory.count());
    }

    /** The process that reported. */
    long pid() {
        return summary.pid();
    }

    /** Where the list begins in a longer one, if it is a slice of that. */
    long from() {
        return summary.from();
    }

    long count() {
        return summary.count();
    }

    BigInteger sum() {
        return summary.sum();
    }

    /** Whether it says what is in a mapping. */
    boolean isOf(MappedFile memory) {
        return from() == memory.from() && count() == memory.count() && sum().equals(memory.sum()) && squaresAreInMemory;
    }

    /** Null if the job is not explained. */
    @Nullable
    Explanation explanation() {
        return explanation;
    }

    @Override
    public void step(Step step, String line) throws IOException, InvalidReportException {
        if (explanation == null) {
            throw new InvalidReportException("a step of a job that is not explained");
        }
        explanation.step(step, line);
    }

    @Override
    public void read(InputStream report) throws IOException, InvalidReportException {
        Agreement agreement = new Agreement(memory);
        summary = ReportParser.parse(new Tee(report), view, memory.isSlice(), ReportParser.blockBytes(maxBytes()),
                agreement);
        squaresAreInMemory = view == View.SUMMARY || agreement.isComplete();
    }

    /** Copies the report as the child wrote it. */
    void copyTo(OutputStream out) throws IOException {
        text.copyTo(out);
    }

    /** Decodes the squares from the child's message, and writes what was decoded. */
    void decodeSquares(OutputStream out) throws IOException {
        try (InputStream message = text.toInputStream()) {
            ReportParser.parse(message, view, memory.isSlice(), DECODED_BYTES_AT_A_TIME, new Encoding(out));
        } catch (InvalidReportException e) {
            throw new IllegalStateException("the report was read before", e);
        }
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    /** Writes the squares that pass, with commas between them. */
    private static final class Encoding implements ReportParser.Squares {
        private final OutputStream out;
        private final IntegerEncoder encoder = new IntegerEncoder(IntegerEncoder.MAX_INTEGERS);
        private boolean begun;

        Encoding(OutputStream out) {
            this.out = out;
        }

        @Override
        public void next(long[] squares, int length) throws IOException {
            if (begun) {
                out.write(',');
            }
            begun = true;
            ByteBuffer piece = encoder.encode(squares, length, ',');
            // Whether more follow is not known yet.
            out.write(piece.array(), piece.position(), piece.remaining() - 1);
        }
    }

    /** Keeps what is read through it. */
    private final class Tee extends FilterInputStream {
        Tee(InputStream report) {
            super(report);
        }

        @Override
        public int read() throws IOException {
            throw new UnsupportedOperationException("the parser reads blocks");
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int got = super.read(to, offset, length);
            if (got > 0) {
                text.write(to, offset, got);
            }
            return got;
        }
    }
}
