package dev.squares.worker.parent;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Short reports as a child writes them: several at once, a line each. */
final class ReportLines {
    private static final int FIRST_BYTES = 8 * 1024;

    private final InputStream stdout;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int at;
    private int searched;
    private int end;

    ReportLines(InputStream stdout) {
        this.stdout = stdout;
    }

    /** The next report, if all of it has been read. */
    @Nullable
    InputStream next() {
        int length = ReportStream.indexOfLineEnd(bytes, searched, end - searched);
        if (searched + length == end) {
            searched = end;
            return null;
        }
        byte[] line = Arrays.copyOfRange(bytes, at, searched + length);
        at = searched + length + 1;
        searched = at;
        return new ByteArrayInputStream(line);
    }

    /**
     * Waits for more.
     *
     * @param limit the most bytes that the next report may have
     * @throws EOFException if standard output has ended
     * @throws InvalidReportException if the next report is longer
     */
    void read(long limit) throws IOException, InvalidReportException {
        if (end - at > limit) {
            throw new InvalidReportException("the report is longer than " + limit + " bytes");
        }
        System.arraycopy(bytes, at, bytes, 0, end - at);
        end -= at;
        searched -= at;
        at = 0;
        if (end == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * end);
        }
        int got = stdout.read(bytes, end, bytes.length - end);
        if (got == -1) {
            throw new EOFException("standard output ended");
        }
        end += got;
    }

    /** Whether something has been written that was not asked for. */
    boolean isMore() throws IOException {
        return isFollowed() || stdout.available() > 0;
    }

    /** Whether something follows the last report that was taken. */
    boolean isFollowed() {
        return at < end;
    }
}
