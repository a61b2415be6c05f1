package dev.squares.coordinator.square;

import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.MappedFileWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the elements at the beginning of a list that need no parser: integers of up to ten digits, with a comma behind them.
 * The first that is anything else, or the last, is the parser's, and all that follows. So is the one before it, for whatever
 * stands behind a comma decides whether that may stand there.
 */
final class PlainIntegerScanner {
    private static final int BLOCK_BYTES = 8 * 1024;
    private static final int MAX_DIGITS = 10;
    private static final byte[] BYTE_ORDER_MARK = "\ufeff".getBytes(StandardCharsets.UTF_8);

    private final InputStream body;
    private final byte[] block = new byte[BLOCK_BYTES];
    private int at;
    private int end;
    private long element;
    private long taken;
    private long bytesBefore;

    PlainIntegerScanner(InputStream body) {
        this.body = body;
    }

    private enum Look {
        PLAIN,
        STRANGE,
        INCOMPLETE
    }

    /** How many elements have been taken. */
    long taken() {
        return taken;
    }

    /** How many bytes the body has more than what is left for the parser. */
    long bytesTaken() {
        return bytesBefore;
    }

    /** Adds up to {@code most} elements, and returns the rest of the list for the parser: a list, if the body is one. */
    InputStream take(MappedFileWriter to, long most) throws IOException {
        boolean any = readMore() && skipByteOrderMark();
        String head = any && block[at] == '[' ? takeElements(to, most) : "";
        bytesBefore += at - head.length();
        return new SequenceInputStream(
                new SequenceInputStream(
                        new ByteArrayInputStream(head.getBytes(StandardCharsets.US_ASCII)),
                        new ByteArrayInputStream(block, at, end - at)),
                body);
    }

    private String takeElements(MappedFileWriter to, long most) throws IOException {
        at++;
        if (!nextIsPlain()) {
            return "[";
        }
        long last = element;
        while (taken < most && nextIsPlain()) {
            to.add(last);
            taken++;
            last = element;
        }
        return "[" + last + ",";
    }

    /** Returns whether anything follows. A parser that is told that the body is UTF-8 does not skip it. */
    private boolean skipByteOrderMark() throws IOException {
        while (end < BYTE_ORDER_MARK.length && block[0] == BYTE_ORDER_MARK[0] && readMore()) {
            // It may come byte by byte.
        }
        if (Arrays.equals(block, 0, Math.min(end, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK, 0,
                BYTE_ORDER_MARK.length)) {
            at = BYTE_ORDER_MARK.length;
        }
        return at < end || readMore();
    }

    private boolean nextIsPlain() throws IOException {
        Look look = look();
        while (look == Look.INCOMPLETE && readMore()) {
            look = look();
        }
        return look == Look.PLAIN;
    }

    private Look look() {
        int from = skipSpace(at);
        boolean negative = from < end && block[from] == '-';
        int first = negative ? from + 1 : from;
        int behind = first;
        long magnitude = 0;
        while (behind < end && block[behind] >= '0' && block[behind] <= '9') {
            magnitude = 10 * magnitude + block[behind] - '0';
            behind++;
        }
        int digits = behind - first;
        int comma = skipSpace(behind);
        if (comma == end) {
            return Look.INCOMPLETE;
        }
        boolean leadingZero = digits > 1 && block[first] == '0';
        if (block[comma] != ',' || digits == 0 || digits > MAX_DIGITS || leadingZero
                || magnitude > MappedFile.MAX_INPUT) {
            return Look.STRANGE;
        }
        element = negative ? -magnitude : magnitude;
        at = comma + 1;
        return Look.PLAIN;
    }

    private int skipSpace(int from) {
        int next = from;
        while (next < end
                && (block[next] == ' ' || block[next] == '\n' || block[next] == '\r' || block[next] == '\t')) {
            next++;
        }
        return next;
    }

    /** Returns whether there is more, and room for it: no plain element is as long as a block. */
    private boolean readMore() throws IOException {
        System.arraycopy(block, at, block, 0, end - at);
        bytesBefore += at;
        end -= at;
        at = 0;
        if (end == block.length) {
            return false;
        }
        int got = body.read(block, end, block.length - end);
        end += Math.max(got, 0);
        return got > 0;
    }
}
