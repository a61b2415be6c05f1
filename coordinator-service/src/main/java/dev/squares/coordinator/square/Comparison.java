package dev.squares.coordinator.square;

import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.SquaresText;
import dev.squares.worker.service.ReportSummary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Holds the squares of a report against those in the mapped file, while it arrives: letter by letter, for to encode the parent's
 * own squares is several times cheaper than to decode the child's. The squares that are the same are left out of what the
 * parser reads here. From the first on that is not, the parser reads what was reported, and every number is compared.
 */
final class Comparison extends InputStream implements ReportSummary.Squares {
    /** What a pipe holds. See pipe(7). */
    private static final int MAX_BLOCK_BYTES = 64 * 1024;

    private static final String BEFORE_SQUARES = "\"squares\":[";
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final InputStream report;
    private final MappedFile memory;
    private final byte[] block;
    private boolean begun;
    private long textStart;
    private long textBytes;
    private boolean sameText;
    private ByteBuffer head = NOTHING;
    private ByteBuffer rest = NOTHING;
    private long leftOut;
    private long index;
    private boolean equal = true;

    Comparison(InputStream report, View view, MappedFile memory) {
        this.report = report;
        this.memory = memory;
        this.block = new byte[(int) Math.min(ReportSummary.maxBytes(view, memory.count()), MAX_BLOCK_BYTES)];
    }

    @Override
    public int read() throws IOException {
        throw new UnsupportedOperationException("the parser reads blocks");
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (!begun) {
            begun = true;
            begin();
        }
        ByteBuffer from = head.hasRemaining() ? head : rest;
        if (!from.hasRemaining()) {
            return report.read(to, offset, length);
        }
        int some = Math.min(from.remaining(), length);
        from.get(to, offset, some);
        return some;
    }

    /** Reads the report as far as its squares are the same. */
    private void begin() throws IOException {
        readBlock();
        int squares = new String(block, 0, rest.limit(), StandardCharsets.ISO_8859_1).indexOf(BEFORE_SQUARES);
        // The child publishes before it reports: what is not there at the first square will not come.
        if (squares == -1 || !memory.isDone()) {
            return;
        }
        rest.position(squares + BEFORE_SQUARES.length());
        byte[] before = new byte[rest.position()];
        textStart = before.length;
        rest.get(0, before);
        byte[] own = leaveOutSquares();
        head = ByteBuffer.allocate(before.length + own.length).put(before).put(own).flip();
    }

    /** Returns what the parser is to read before the rest: the part of a number that still was the same, or the array's end. */
    private byte[] leaveOutSquares() throws IOException {
        SquaresText text = new SquaresText(memory);
        for (ByteBuffer own = text.nextPiece(); own != null; own = text.nextPiece()) {
            int start = own.position();
            while (own.hasRemaining()) {
                if (!rest.hasRemaining() && !readBlock()) {
                    return new byte[0];
                }
                int difference = own.mismatch(rest);
                int same = difference == -1 ? own.remaining() : difference;
                own.position(own.position() + same);
                rest.position(rest.position() + same);
                if (own.hasRemaining() && rest.hasRemaining()) {
                    String passed = new String(own.array(), start, own.position() - start, StandardCharsets.US_ASCII);
                    leftOut += passed.chars().filter(letter -> letter == ',').count();
                    index = leftOut;
                    return passed.substring(passed.lastIndexOf(',') + 1).getBytes(StandardCharsets.US_ASCII);
                }
            }
            leftOut = text.squares();
            textBytes += own.position() - start;
        }
        index = leftOut;
        sameText = true;
        return new byte[]{']'};
    }

    private boolean readBlock() throws IOException {
        int got = report.read(block, 0, block.length);
        rest = ByteBuffer.wrap(block, 0, Math.max(got, 0));
        return got != -1;
    }

    @Override
    public void next(long square) {
        equal = equal && memory.isDone() && index < memory.count() && square == memory.square(index);
        index++;
    }

    @Override
    public long leftOut() {
        return leftOut;
    }

    /** Whether the squares reported are to the letter what the parent has made of its own. */
    boolean isSameText() {
        return sameText;
    }

    /** Where in the report the squares begin, behind the bracket. */
    long textStart() {
        return textStart;
    }

    /** How long the squares are in the report, the closing bracket included, if they are the same text. */
    long textBytes() {
        return textBytes;
    }

    /** Whether the squares reported are those in the mapped file, each and all. */
    boolean isEqual() {
        return equal && memory.isDone() && index == memory.count();
    }
}
