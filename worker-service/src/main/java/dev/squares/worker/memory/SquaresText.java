package dev.squares.worker.memory;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The squares in a mapped file, as the text of a JSON array behind its opening bracket: {@code 1,4,9,16]}. Encoded by hand: a
 * JSON library would be most of a child's start, and takes several times as long for each number.
 */
public final class SquaresText {
    private static final int MAX_SQUARES = 3000;

    /** Nineteen digits, and what stands before and behind them: the parent looks at whatever is there, negative or not. */
    private static final int MAX_BYTES_PER_SQUARE = 21;

    private static final int PAIRS = 100;
    private static final byte[] TENS = new byte[PAIRS];
    private static final byte[] ONES = new byte[PAIRS];

    static {
        for (int pair = 0; pair < PAIRS; pair++) {
            TENS[pair] = (byte) ('0' + pair / 10);
            ONES[pair] = (byte) ('0' + pair % 10);
        }
    }

    private final MappedFile file;
    private final byte[] bytes;
    private long next;
    private boolean ended;

    public SquaresText(MappedFile file) {
        this.file = file;
        this.bytes = new byte[(int) Math.min(file.count(), MAX_SQUARES) * MAX_BYTES_PER_SQUARE + 1];
    }

    /** How many squares the pieces up to here have. */
    public long squares() {
        return next;
    }

    /**
     * The next piece: some whole numbers, each with the comma or the closing bracket that follows it. Backed by an array, and
     * good until the next is asked for. Null behind the last.
     */
    public @Nullable ByteBuffer nextPiece() {
        if (ended) {
            return null;
        }
        int length = (int) Math.min(file.count() - next, MAX_SQUARES);
        LongBuffer squares = file.squares(next, length);
        next += length;
        ended = next == file.count();
        // From the end to the beginning, where every digit's place is known without counting digits first.
        int start = bytes.length;
        bytes[--start] = (byte) (ended ? ']' : ',');
        for (int i = length - 1; i >= 0; i--) {
            start = prepend(squares.get(i), start);
            if (i > 0) {
                bytes[--start] = ',';
            }
        }
        return ByteBuffer.wrap(bytes, start, bytes.length - start);
    }

    private int prepend(long number, int end) {
        if (number < 0) {
            byte[] text = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, bytes, end - text.length, text.length);
            return end - text.length;
        }
        int start = end;
        long rest = number;
        while (rest >= PAIRS) {
            long hundreds = rest / PAIRS;
            int pair = (int) (rest - hundreds * PAIRS);
            bytes[--start] = ONES[pair];
            bytes[--start] = TENS[pair];
            rest = hundreds;
        }
        bytes[--start] = ONES[(int) rest];
        if (rest >= 10) {
            bytes[--start] = TENS[(int) rest];
        }
        return start;
    }
}
