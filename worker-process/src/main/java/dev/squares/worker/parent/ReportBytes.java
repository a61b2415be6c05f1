package dev.squares.worker.parent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of a report, a block at a time, and the integers in them, eight digits at a time. No integer is ever torn: what is
 * left of a block is moved to the front of the next.
 */
final class ReportBytes {
    /** Behind the last byte. */
    static final int END = -1;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_NIBBLES = 0xF0F0_F0F0_F0F0_F0F0L;
    private static final long LOW_NIBBLES = 0x0F0F_0F0F_0F0F_0F0FL;
    private static final long ZEROS = 0x3030_3030_3030_3030L;
    private static final long SIXES = 0x0606_0606_0606_0606L;

    /** Digits of the greatest long. One more fits no 64 bits, and as many do, if only as an unsigned number. */
    private static final int MAX_DIGITS = 19;

    /** A sign, the digits, and the first byte that is none. */
    private static final int LONGEST_INTEGER = 1 + MAX_DIGITS + 1;

    private static final long HUNDRED_MILLION = 100_000_000;

    private static final long[] POWERS_OF_TEN = new long[Long.BYTES + 1];

    static {
        POWERS_OF_TEN[0] = 1;
        for (int i = 1; i < POWERS_OF_TEN.length; i++) {
            POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
        }
    }

    private final InputStream in;
    /** Zeros follow the last byte: a word at a time, one looks behind it, and zero is neither a digit nor space. */
    private final byte[] block;
    private int at;
    private int end;
    private boolean ended;

    /** @param blockBytes how many bytes to read at a time, at most */
    ReportBytes(InputStream in, int blockBytes) {
        this.in = in;
        this.block = new byte[Math.max(blockBytes, LONGEST_INTEGER) + Long.BYTES];
    }

    /** Takes the next byte that is not space, if it is this one. */
    boolean take(char wanted) throws IOException {
        skipSpace();
        if (at == end || block[at] != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes the next byte, whatever it is. */
    int next() throws IOException {
        int next = peek();
        at += next == END ? 0 : 1;
        return next;
    }

    /** Looks at the next byte. */
    int peek() throws IOException {
        if (at == end) {
            fill();
        }
        return at == end ? END : block[at] & 0xFF;
    }

    /** Whether nothing but space follows. */
    boolean isEnd() throws IOException {
        skipSpace();
        return at == end;
    }

    void skipSpace() throws IOException {
        do {
            while (isSpace(block[at])) {
                at++;
            }
        } while (at == end && fill());
    }

    private static boolean isSpace(byte letter) {
        return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
    }

    /**
     * Takes an integer, as JSON writes it.
     *
     * @throws NumberFormatException if there is none, or it does not fit 64 bits
     */
    long takeLong() throws IOException {
        skipSpace();
        while (end - at < LONGEST_INTEGER && fill()) {
            // A child may write a digit at a time.
        }
        boolean negative = block[at] == '-';
        int start = negative ? at + 1 : at;
        int next = start;
        long magnitude = 0;
        long word = (long) WORD.get(block, next);
        int some = leadingDigits(word);
        // The place of the next integer depends on the last word alone: the processor is there before it has
        // multiplied.
        while (some == Long.BYTES && next - start <= MAX_DIGITS) {
            magnitude = magnitude * HUNDRED_MILLION + value(word);
            next += Long.BYTES;
            word = (long) WORD.get(block, next);
            some = leadingDigits(word);
        }
        if (some > 0) {
            // Digits in front of which there are zeros.
            magnitude = magnitude * POWERS_OF_TEN[some] + value(word << Byte.SIZE * (Long.BYTES - some));
            next += some;
        }
        int digits = next - start;
        boolean leadingZero = digits > 1 && block[start] == '0';
        // The magnitude of the least long is, as a long, that very number.
        boolean tooLarge = digits > MAX_DIGITS || magnitude < 0 && !(negative && magnitude == Long.MIN_VALUE);
        if (digits == 0 || leadingZero || tooLarge) {
            throw new NumberFormatException("no integer of 64 bits");
        }
        at = next;
        return negative ? -magnitude : magnitude;
    }

    /**
     * Takes integers as long as each has 9 digits or more, no sign, and a comma directly behind it: almost all of a long report,
     * in two thirds of the time. Whatever else follows, the other methods take or refuse.
     *
     * @return how many
     */
    int takePlainLongs(long[] to, int from) {
        int next = at;
        int count = from;
        int last = end - LONGEST_INTEGER - Long.BYTES;
        while (count < to.length && next <= last) {
            long first = (long) WORD.get(block, next);
            long second = (long) WORD.get(block, next + Long.BYTES);
            long third = (long) WORD.get(block, next + 2 * Long.BYTES);
            if (leadingDigits(first) != Long.BYTES || (first & 0xFF) == '0') {
                break;
            }
            long magnitude = value(first);
            int behind;
            int some = leadingDigits(second);
            if (some == Long.BYTES) {
                magnitude = magnitude * HUNDRED_MILLION + value(second);
                some = leadingDigits(third);
                behind = next + 2 * Long.BYTES + some;
                second = third;
            } else {
                behind = next + Long.BYTES + some;
            }
            if (some == 0 || behind - next > MAX_DIGITS || block[behind] != ',') {
                break;
            }
            magnitude = magnitude * POWERS_OF_TEN[some] + value(second << Byte.SIZE * (Long.BYTES - some));
            if (magnitude < 0) {
                break;
            }
            to[count++] = magnitude;
            next = behind + 1;
        }
        at = next;
        return count - from;
    }

    /** How many of the eight bytes, from the first, are digits. */
    private static int leadingDigits(long word) {
        // A byte is a digit if its high nibble is 3, and still is when 6 is added.
        // A carry spoils only bytes behind one that is no digit.
        long others = (word & HIGH_NIBBLES ^ ZEROS) | (word + SIXES & HIGH_NIBBLES ^ ZEROS);
        return Long.numberOfTrailingZeros(others) / Byte.SIZE;
    }

    /** The number that eight bytes write: tens, hundreds and ten thousands, all parts at the same time. */
    private static long value(long word) {
        long ones = word & LOW_NIBBLES;
        long twos = ones * 10 + (ones >>> Byte.SIZE);
        return ((twos & 0x0000_00FF_0000_00FFL) * 0x000F_4240_0000_0064L
                + (twos >>> 2 * Byte.SIZE & 0x0000_00FF_0000_00FFL) * 0x0000_2710_0000_0001L) >>> Integer.SIZE;
    }

    /** Reads on, with what is left in front. Returns whether there was more. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        System.arraycopy(block, at, block, 0, end - at);
        end -= at;
        at = 0;
        int got = in.read(block, end, block.length - Long.BYTES - end);
        ended = got == -1;
        end += Math.max(got, 0);
        Arrays.fill(block, end, end + Long.BYTES, (byte) 0);
        return !ended;
    }
}
