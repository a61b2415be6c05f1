package dev.squares.worker.service;

import dev.squares.worker.fork.GarbledReportException;
import dev.squares.worker.memory.Job.View;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a child's report while it arrives, and refuses what is none. The squares pass by one at a time.
 *
 * @param pid who reports
 * @param count how many squares it computed
 * @param sum of all of them
 */
public record ReportSummary(long pid, long count, BigInteger sum) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Everything but the squares: names, two 64-bit numbers and a 128-bit one. */
    private static final int MAX_BYTES_BESIDE_SQUARES = 256;

    /** Nineteen digits and a comma. */
    private static final int MAX_BYTES_PER_SQUARE = 20;

    /** Sees the squares pass. */
    @FunctionalInterface
    public interface Squares {
        /** The next one. */
        void next(long square);

        /** How many have been left out of the report, for they are known already. */
        default long leftOut() {
            return 0;
        }
    }

    /** The most bytes that a report can have. */
    public static long maxBytes(View view, long count) {
        return MAX_BYTES_BESIDE_SQUARES + (view == View.FULL ? count * MAX_BYTES_PER_SQUARE : 0);
    }

    /**
     * Reads one to its end.
     *
     * @param squares sees every square, also of a report that is then refused
     * @throws GarbledReportException if it is not a report of this view
     * @throws IOException if it cannot be read
     */
    public static ReportSummary read(InputStream report, View view, Squares squares)
            throws IOException, GarbledReportException {
        long pid = -1;
        long count = -1;
        BigInteger sum = BigInteger.valueOf(-1);
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), report)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "no object");
            Set<String> expected = new HashSet<>(Set.of("pid", "count", "sum"));
            if (view == View.FULL) {
                expected.add("squares");
            }
            long seen = 0;
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                require(expected.remove(name), "an unexpected member");
                JsonToken value = json.nextToken();
                if (name.equals("squares")) {
                    require(value == JsonToken.START_ARRAY, "squares are no array");
                    seen = readSquares(json, squares);
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
            require(view == View.SUMMARY || seen == count, "count is not that of the squares");
            require(json.nextToken() == null, "something follows the object");
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw new GarbledReportException(e.getOriginalMessage());
        }
        return new ReportSummary(pid, count, sum);
    }

    private static long readSquares(JsonParser json, Squares squares) throws GarbledReportException {
        long seen = squares.leftOut();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            require(token == JsonToken.VALUE_NUMBER_INT, "a square is no integer");
            squares.next(json.getLongValue());
            seen++;
        }
        return seen;
    }

    private static void require(boolean condition, String otherwise) throws GarbledReportException {
        if (!condition) {
            throw new GarbledReportException(otherwise);
        }
    }
}
