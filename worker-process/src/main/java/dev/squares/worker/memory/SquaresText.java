package dev.squares.worker.memory;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The squares in a mapped file, as the text of a JSON array behind its opening bracket: {@code 1,4,9,16]}. */
public final class SquaresText {
    private static final ByteBuffer NO_SQUARES = ByteBuffer.wrap(new byte[]{']'});

    private final MappedFile file;
    private final long[] squares;
    private final IntegerEncoder encoder;
    private long next;
    private boolean ended;

    public SquaresText(MappedFile file) {
        this.file = file;
        int length = (int) Math.min(file.count(), IntegerEncoder.MAX_INTEGERS);
        this.squares = new long[length];
        this.encoder = new IntegerEncoder(length);
    }

    /**
     * The next piece: some whole numbers, each with the comma or the closing bracket that follows it. Backed by an array, and
     * good until the next is asked for. Null behind the last.
     */
    public @Nullable ByteBuffer nextPiece() {
        if (ended) {
            return null;
        }
        int length = (int) Math.min(file.count() - next, squares.length);
        file.squares(next, length).get(squares, 0, length);
        next += length;
        ended = next == file.count();
        return length == 0 ? NO_SQUARES.duplicate() : encoder.encode(squares, length, ended ? ']' : ',');
    }
}
