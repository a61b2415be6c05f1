package dev.squares.benchmarks;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** A list to send, as the bytes of a JSON array, with what its answer must contain. */
final class IntegerList {
    /** Inputs are 1 to this, scattered, so that a long list has the same mix of them as a short one. */
    private static final long RANGE = 1_000_000;

    /** No divisor in common with the range: every input comes once before any comes again. */
    private static final long STRIDE = 618_033;

    /** The lecture's own list. */
    private static final int SMALL = 4;

    private static final int LONGEST_INPUT = 8;

    private final byte[] json;
    private final String head;
    private final String tail;

    private IntegerList(byte[] json, String head, String tail) {
        this.json = json;
        this.head = head;
        this.tail = tail;
    }

    /** A list of so many elements. */
    static IntegerList of(int count) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(count * LONGEST_INPUT + 2);
        BigInteger sum = BigInteger.ZERO;
        long square = 0;
        for (int i = 0; i < count; i++) {
            long input = count <= SMALL ? i + 1 : 1 + i * STRIDE % RANGE;
            square = input * input;
            sum = sum.add(BigInteger.valueOf(square));
            json.write(i == 0 ? '[' : ',');
            json.writeBytes(Long.toString(input).getBytes(StandardCharsets.US_ASCII));
        }
        json.write(']');
        return new IntegerList(json.toByteArray(), "\"count\":" + count + ",\"sum\":" + sum + ",", square + "]");
    }

    /** The same, for answers at whose start there is something else. */
    IntegerList answeredBy(String otherHead) {
        return new IntegerList(json, otherHead, tail);
    }

    byte[] json() {
        return json;
    }

    /** Stands near the start of every right answer. */
    String head() {
        return head;
    }

    /** Stands near the end of every right answer. */
    String tail() {
        return tail;
    }
}
