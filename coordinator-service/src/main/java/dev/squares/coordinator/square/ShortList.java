package dev.squares.coordinator.square;

import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.ParentMailbox;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list that is short and plain: integers that are taken, with nothing but commas and space between them. Whatever else there is
 * to be said of a body, {@link IntegerListReader} says.
 */
final class ShortList {
    /** Longer than any list that is short, unless there is much space in it. */
    static final int MAX_BYTES = 16 * 1024;

    private static final int MAX_DIGITS = 10;

    private final byte[] body;
    private int at;

    private ShortList(byte[] body) {
        this.body = body;
    }

    /**
     * The list; null if the body is anything else.
     *
     * @param maxLength the longest list that is wanted
     */
    static long @Nullable [] parse(byte[] body, long maxLength) {
        return new ShortList(body).parse((int) Math.min(maxLength, ParentMailbox.MAX_COUNT));
    }

    private long @Nullable [] parse(int maxLength) {
        if (!take('[')) {
            return null;
        }
        if (take(']')) {
            return isEnd() ? new long[0] : null;
        }
        long[] list = new long[Math.min(maxLength, body.length / 2)];
        int length = 0;
        do {
            long magnitude = 0;
            boolean negative = take('-');
            int first = at;
            while (at < body.length && body[at] >= '0' && body[at] <= '9' && at - first <= MAX_DIGITS) {
                magnitude = 10 * magnitude + body[at] - '0';
                at++;
            }
            int digits = at - first;
            boolean leadingZero = digits > 1 && body[first] == '0';
            if (digits == 0 || leadingZero || magnitude > MappedFile.MAX_INPUT || length == list.length) {
                return null;
            }
            list[length++] = negative ? -magnitude : magnitude;
        } while (take(','));
        return take(']') && isEnd() ? Arrays.copyOf(list, length) : null;
    }

    private boolean isEnd() {
        skipSpace();
        return at == body.length;
    }

    private boolean take(char wanted) {
        skipSpace();
        if (at == body.length || body[at] != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void skipSpace() {
        while (at < body.length
                && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
    }
}
