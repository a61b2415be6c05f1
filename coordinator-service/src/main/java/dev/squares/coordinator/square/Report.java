package dev.squares.coordinator.square;

import dev.squares.worker.fork.GarbledReportException;
import dev.squares.worker.fork.ReportReader;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * What a child reported. Checked while it arrives, compared with the mapped file on the way, and kept as it is, to the letter:
 * the squares are never on the heap.
 */
final class Report implements ReportReader, AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    /** Everything but the squares: names, two 64-bit numbers and a 128-bit one. */
    private static final int MAX_BYTES_BESIDE_SQUARES = 256;

    /** Nineteen digits and a comma. */
    private static final int MAX_BYTES_PER_SQUARE = 20;

    private final View view;
    private final MappedFile memory;
    private final Spool spool;
    private long pid = -1;
    private long count = -1;
    private BigInteger sum = BigInteger.valueOf(-1);
    private boolean squaresAreInMemory;

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
        return MAX_BYTES_BESIDE_SQUARES + (view == View.FULL ? memory.count() * MAX_BYTES_PER_SQUARE : 0);
    }

    long pid() {
        return pid;
    }

    long count() {
        return count;
    }

    BigInteger sum() {
        return sum;
    }

    /** Whether the squares reported are those in the mapped file, each and all; without squares, whether there are none. */
    boolean squaresAreInMemory() {
        return squaresAreInMemory;
    }

    @Override
    public void read(InputStream report) throws IOException, GarbledReportException {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), new Tee(report))) {
            require(json.nextToken() == JsonToken.START_OBJECT, "no object");
            Set<String> expected = new HashSet<>(Set.of("pid", "count", "sum"));
            if (view == View.FULL) {
                expected.add("squares");
            }
            long squares = 0;
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                require(expected.remove(name), "an unexpected member");
                JsonToken value = json.nextToken();
                if (name.equals("squares")) {
                    require(value == JsonToken.START_ARRAY, "squares are no array");
                    squares = readSquares(json);
                } else {
                    require(value == JsonToken.VALUE_NUMBER_INT, name + " is no integer");
                    switch (name) {
                        case "pid" -> pid = json.getLongValue();
                        case "count" -> count = json.getLongValue();
                        default -> sum = json.getBigIntegerValue();
                    }
                }
            }
            require(expected.isEmpty(), "members are missing");
            require(view == View.SUMMARY || squares == count, "count is not that of the squares");
            require(json.nextToken() == null, "something follows the object");
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw new GarbledReportException(e.getOriginalMessage());
        }
    }

    /** Reads them past, and returns how many there were. */
    private long readSquares(JsonParser json) throws GarbledReportException {
        // The child publishes before it reports: what is not there by now will not come.
        boolean done = memory.isDone();
        boolean equal = done;
        long index = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            require(token == JsonToken.VALUE_NUMBER_INT, "a square is no integer");
            long square = json.getLongValue();
            equal = equal && index < memory.count() && square == memory.square(index);
            index++;
        }
        squaresAreInMemory = equal && index == memory.count();
        return index;
    }

    private static void require(boolean condition, String otherwise) throws GarbledReportException {
        if (!condition) {
            throw new GarbledReportException(otherwise);
        }
    }

    /** Copies the report as the child wrote it. */
    void copyTo(OutputStream out) throws IOException {
        spool.copyTo(out);
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
