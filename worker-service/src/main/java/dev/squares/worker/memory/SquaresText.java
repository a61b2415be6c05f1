package dev.squares.worker.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The squares in a mapped file, as the text of a JSON array behind its opening bracket: {@code 1,4,9,16]}. Encoded by hand: a
 * JSON library would be most of a child's start, and takes several times as long for each number.
 */
public final class SquaresText {
    private static final int MAX_SQUARES = 3000;

    /** A sign, nineteen digits and a comma: the parent looks at whatever is there, negative or not. */
    private static final int MAX_BYTES_PER_SQUARE = 21;

    /** Digits that are written in one piece, as the bytes of a long, the first in the lowest. */
    private static final int WORD = Long.BYTES;

    private static final long WORD_LIMIT = 100_000_000;
    private static final long ASCII_ZEROS = 0x3030_3030_3030_3030L;

    private final MappedFile file;
    private final ByteBuffer text;
    private long next;
    private boolean ended;

    public SquaresText(MappedFile file) {
        this.file = file;
        int length = (int) Math.min(file.count(), MAX_SQUARES);
        // Leading zeros are written, too, and then written over, but those of the first number.
        this.text = ByteBuffer.allocate(WORD + length * MAX_BYTES_PER_SQUARE + 1).order(ByteOrder.LITTLE_ENDIAN);
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
        int start = text.capacity();
        text.put(--start, (byte) (ended ? ']' : ','));
        for (int i = length - 1; i >= 0; i--) {
            start = prepend(squares.get(i), start);
            if (i > 0) {
                text.put(--start, (byte) ',');
            }
        }
        return text.position(start);
    }

    /** Writes a number that ends before {@code end}, and returns where it begins. */
    private int prepend(long number, int end) {
        if (number < 0) {
            byte[] ascii = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
            text.put(end - ascii.length, ascii);
            return end - ascii.length;
        }
        int start = end - WORD;
        long rest = number;
        while (rest >= WORD_LIMIT) {
            long upper = rest / WORD_LIMIT;
            text.putLong(start, digits(rest - upper * WORD_LIMIT) | ASCII_ZEROS);
            start -= WORD;
            rest = upper;
        }
        long digits = digits(rest);
        text.putLong(start, digits | ASCII_ZEROS);
        return start + Math.min(Long.numberOfTrailingZeros(digits) / Byte.SIZE, WORD - 1);
    }

    /** The eight digits of a number, each in a byte: divided by 10000, 100 and 10, all parts at the same time. */
    private static long digits(long number) {
        long upper = number / 10_000;
        long fours = upper | number - upper * 10_000 << Integer.SIZE;
        // Multiplied and shifted, the quotient by 100 is exact up to 43698, and the one by 10 up to 178.
        long hundreds = fours * 10_486 >>> 20 & 0x0000_007F_0000_007FL;
        long twos = hundreds | fours - hundreds * 100 << Short.SIZE;
        long tens = twos * 103 >>> 10 & 0x000F_000F_000F_000FL;
        return tens | twos - tens * 10 << Byte.SIZE;
    }
}
