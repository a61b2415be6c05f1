package dev.squares.worker.parent;

import dev.squares.worker.memory.IntegerEncoder;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.parent.InvalidReportException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads a child's report while it arrives, and refuses everything that is not one: exactly the members of its view, in any
 * order, integers only, as many squares as it says, and nothing behind it. The squares pass by, a block at a time, and are
 * kept by nobody here.
 *
 * <p>Decoded by hand, as they are encoded: a report of a million squares has twenty million bytes, and each of them is looked at
 * on the path of a request.
 */
public final class ReportParser {
    /** Everything but the squares: names, two 64-bit numbers and a 128-bit one. */
    private static final int MAX_BYTES_BESIDE_SQUARES = 256;

    /** Nineteen digits and a comma. */
    private static final int MAX_BYTES_PER_SQUARE = 20;

    /** What a pipe holds. See pipe(7). */
    private static final int MAX_BLOCK_BYTES = 64 * 1024;

    /** As many as are encoded again in one piece. */
    private static final int SQUARES_AT_A_TIME = IntegerEncoder.MAX_INTEGERS;

    /** A sign and the 39 digits of 128 bits. */
    private static final int MAX_SUM_CHARACTERS = 40;

    private static final int LONGEST_NAME = "squares".length();

    private final ReportBytes bytes;
    private final View view;
    private final boolean ofSlice;
    private final Squares squares;
    private long pid;
    private long from;
    private long count;
    private BigInteger sum = BigInteger.ZERO;
    private long seen;

    private ReportParser(ReportBytes bytes, View view, boolean ofSlice, Squares squares) {
        this.bytes = bytes;
        this.view = view;
        this.ofSlice = ofSlice;
        this.squares = squares;
    }

    /** Sees the squares pass. */
    @FunctionalInterface
    public interface Squares {
        /** The next {@code length}, good until this returns. */
        void next(long[] squares, int length) throws IOException;
    }

    /** The most bytes that a report can have. */
    public static long maxBytes(View view, long count) {
        return MAX_BYTES_BESIDE_SQUARES + (view == View.FULL ? count * MAX_BYTES_PER_SQUARE : 0);
    }

    /** How many bytes to read at a time of a report that may have {@code maxBytes}, where nothing speaks for fewer. */
    public static int blockBytes(long maxBytes) {
        return (int) Math.min(maxBytes, MAX_BLOCK_BYTES);
    }

    /**
     * Reads one to its end.
     *
     * @param blockBytes how many bytes to read at a time, at most
     * @param squares sees every square, also of a report that is then refused
     * @throws InvalidReportException if it is not a report of this view
     * @throws IOException if it cannot be read
     */
    public static ReportSummary parse(InputStream report, View view, int blockBytes, Squares squares)
            throws IOException, InvalidReportException {
        return parse(report, view, false, blockBytes, squares);
    }

    /**
     * Reads one to its end, as {@link #parse(InputStream, View, int, Squares)} does.
     *
     * @param ofSlice whether it is on a slice, and says so
     */
    public static ReportSummary parse(
            InputStream report, View view, boolean ofSlice, int blockBytes, Squares squares)
            throws IOException, InvalidReportException {
        ReportParser parser = new ReportParser(new ReportBytes(report, blockBytes), view, ofSlice, squares);
        parser.readObject();
        return new ReportSummary(parser.pid, parser.from, parser.count, parser.sum);
    }

    private void readObject() throws IOException, InvalidReportException {
        Set<String> missing = new HashSet<>(Set.of("pid", "count", "sum"));
        if (view == View.FULL) {
            missing.add("squares");
        }
        if (ofSlice) {
            missing.add("from");
        }
        require(bytes.take('{'), "no object");
        do {
            String name = readName();
            require(missing.remove(name), "an unexpected member");
            require(bytes.take(':'), "no value");
            readValue(name);
        } while (bytes.take(','));
        require(bytes.take('}'), "the object does not end");
        require(missing.isEmpty(), "members are missing");
        require(view == View.SUMMARY || seen == count, "count is not that of the squares");
        require(bytes.isEnd(), "something follows the object");
    }

    private String readName() throws IOException, InvalidReportException {
        require(bytes.take('"'), "no name");
        StringBuilder name = new StringBuilder();
        for (int next = bytes.next(); next != '"'; next = bytes.next()) {
            require(next != ReportBytes.END && name.length() < LONGEST_NAME, "an unexpected member");
            name.append((char) next);
        }
        return name.toString();
    }

    private void readValue(String name) throws IOException, InvalidReportException {
        switch (name) {
            case "pid" -> pid = readLong();
            case "from" -> from = readLong();
            case "count" -> count = readLong();
            case "sum" -> sum = readSum();
            default -> readSquares();
        }
    }

    private void readSquares() throws IOException, InvalidReportException {
        require(bytes.take('['), "squares are no array");
        if (bytes.take(']')) {
            return;
        }
        long[] block = new long[SQUARES_AT_A_TIME];
        int length = 0;
        do {
            length += bytes.takePlainLongs(block, length);
            if (length == block.length) {
                pass(block, length);
                length = 0;
            }
            block[length++] = readLong();
        } while (bytes.take(','));
        pass(block, length);
        require(bytes.take(']'), "the squares do not end");
    }

    private void pass(long[] block, int length) throws IOException {
        squares.next(block, length);
        seen += length;
    }

    private long readLong() throws IOException, InvalidReportException {
        try {
            return bytes.takeLong();
        } catch (NumberFormatException e) {
            throw new InvalidReportException(String.valueOf(e.getMessage()));
        }
    }

    private BigInteger readSum() throws IOException, InvalidReportException {
        bytes.skipSpace();
        StringBuilder text = new StringBuilder();
        for (int next = bytes.peek(); isDigit(next) || next == '-' && text.isEmpty(); next = bytes.peek()) {
            require(text.length() < MAX_SUM_CHARACTERS, "a sum of more than 128 bits");
            text.append((char) bytes.next());
        }
        int first = !text.isEmpty() && text.charAt(0) == '-' ? 1 : 0;
        int digits = text.length() - first;
        require(digits == 1 || digits > 1 && text.charAt(first) != '0', "sum is no integer");
        return new BigInteger(text.toString());
    }

    private static boolean isDigit(int letter) {
        return letter >= '0' && letter <= '9';
    }

    private static void require(boolean condition, String otherwise) throws InvalidReportException {
        if (!condition) {
            throw new InvalidReportException(otherwise);
        }
    }
}
