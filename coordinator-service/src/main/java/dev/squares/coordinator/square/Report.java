package dev.squares.coordinator.square;

import dev.squares.worker.fork.GarbledReportException;
import dev.squares.worker.fork.ReportReader;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.SquaresText;
import dev.squares.worker.service.ReportSummary;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a child reported. Checked while it arrives, compared with the mapped file on the way, and kept as it is, to the letter:
 * the squares are never on the heap.
 */
final class Report implements ReportReader, AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final View view;
    private final MappedFile memory;
    private final Spool spool;
    private ReportSummary summary = new ReportSummary(-1, -1, BigInteger.valueOf(-1));
    private @Nullable Comparison comparison;

    /**
     * @param memory to compare the squares with
     * @param spool to keep the report in; closed with it
     */
    Report(View view, MappedFile memory, Spool spool) {
        this.view = view;
        this.memory = memory;
        this.spool = spool;
    }

    /** The most bytes that the report can have. */
    long maxBytes() {
        return ReportSummary.maxBytes(view, memory.count());
    }

    long count() {
        return summary.count();
    }

    BigInteger sum() {
        return summary.sum();
    }

    /** Whether the squares reported are those in the mapped file, each and all; without squares, whether there are none. */
    boolean squaresAreInMemory() {
        return comparison != null && comparison.isEqual();
    }

    @Override
    public void read(InputStream report) throws IOException, GarbledReportException {
        comparison = new Comparison(new Tee(report), view, memory);
        summary = ReportSummary.read(comparison, view, comparison);
    }

    /** Copies the report as the child wrote it. */
    void copyTo(OutputStream out) throws IOException {
        spool.copyTo(out);
    }

    /**
     * Writes what the parent has seen in its mapping as an array: copied where its text was the same as the report's, for then it
     * has been made once already, and made now otherwise.
     */
    void writeSquaresInMemory(OutputStream out) throws IOException {
        out.write('[');
        if (comparison != null && comparison.isSameText()) {
            spool.copyTo(out, comparison.textStart(), comparison.textBytes());
            return;
        }
        SquaresText squares = new SquaresText(memory);
        for (ByteBuffer piece = squares.nextPiece(); piece != null; piece = squares.nextPiece()) {
            out.write(piece.array(), piece.position(), piece.remaining());
        }
    }

    /** Decodes the squares from the message, and writes them as an array. */
    void decodeSquares(JsonGenerator out) throws IOException {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), spool.toInputStream())) {
            while (!"squares".equals(json.currentName())) {
                json.nextToken();
            }
            json.nextToken();
            out.writeStartArray();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                out.writeNumber(json.getLongValue());
            }
            out.writeEndArray();
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
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
                spool.write(to, offset, got);
            }
            return got;
        }
    }
}
