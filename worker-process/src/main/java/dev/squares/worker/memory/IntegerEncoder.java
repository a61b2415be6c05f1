package dev.squares.worker.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Makes the text of integers, with commas between them. Encoded by hand: a JSON library would be most of a child's start, and
 * takes several times as long for each number.
 */
public final class IntegerEncoder {
    /** Integers in a piece, at most: few, because the buffer stays on the heap for as long as a client does not read. */
    public static final int MAX_INTEGERS = 780;

    /** A sign, nineteen digits and a comma: the parent looks at whatever is there, negative or not. */
    private static final int MAX_BYTES_PER_INTEGER = 21;

    /** Digits that are written in one piece, as the bytes of a long, the first in the lowest. */
    private static final int WORD = Long.BYTES;

    private static final long WORD_LIMIT = 100_000_000;
    private static final long ASCII_ZEROS = 0x3030_3030_3030_3030L;

    /** The text of each number up to 9999, with leading zeros: a long number takes five looks at it, and hardly a division. */
    private static final int[] FOUR_DIGITS = fourDigits();

    private final ByteBuffer text;

    /** @param maxIntegers the most that will be encoded in one piece */
    public IntegerEncoder(int maxIntegers) {
        // Leading zeros are written, too, and then written over, except those of the first number.
        this.text = ByteBuffer.allocate(WORD + maxIntegers * MAX_BYTES_PER_INTEGER).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Encodes the first {@code length} integers, with {@code behind} behind the last. The result is backed by an array, and is
     * good until the next call.
     */
    public ByteBuffer encode(long[] integers, int length, char behind) {
        // From the end to the beginning, where every digit's place is known without counting digits first.
        int start = text.capacity();
        byte separator = (byte) behind;
        for (int i = length - 1; i >= 0; i--) {
            text.put(--start, separator);
            start = prepend(integers[i], start);
            separator = ',';
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
            text.putLong(start, digits(rest - upper * WORD_LIMIT));
            start -= WORD;
            rest = upper;
        }
        long digits = digits(rest);
        text.putLong(start, digits);
        return start + Math.min(Long.numberOfTrailingZeros(digits ^ ASCII_ZEROS) / Byte.SIZE, WORD - 1);
    }

    /** The eight digits of a number, each in a byte. */
    private static long digits(long number) {
        int eight = (int) number;
        int upper = eight / FOUR_DIGITS.length;
        int lower = eight - upper * FOUR_DIGITS.length;
        return Integer.toUnsignedLong(FOUR_DIGITS[upper]) | (long) FOUR_DIGITS[lower] << Integer.SIZE;
    }

    private static int[] fourDigits() {
        int[] all = new int[10_000];
        int number = 0;
        // Nested, and not divided: a child's first job waits for it, and it is interpreted.
        for (int first = '0'; first <= '9'; first++) {
            for (int second = '0'; second <= '9'; second++) {
                for (int third = '0'; third <= '9'; third++) {
                    for (int last = '0'; last <= '9'; last++) {
                        all[number++] = first | second << 8 | third << 16 | last << 24;
                    }
                }
            }
        }
        return all;
    }
}
