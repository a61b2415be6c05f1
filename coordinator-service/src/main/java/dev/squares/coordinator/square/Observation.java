package dev.squares.coordinator.square;

import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.SquaresText;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** What the parent observes of a child's work, where the experiment lets it look. */
sealed interface Observation {
    /** Looks. */
    static Observation of(Ipc ipc, MappedFile memory, Report report) {
        return switch (ipc) {
            case MESSAGE_PASSING -> new FromMessage(report);
            case SHARED_MEMORY, NONE -> memory.isDone() ? new InMapping(memory, report) : new Nothing(report);
        };
    }

    /** Where it looks: "mapping" or "message". */
    default String where() {
        return "mapping";
    }

    /** How many squares there are. */
    long count();

    /** The sum of them. */
    BigInteger sum();

    /** Whether the child has reported the same. */
    boolean agrees();

    /** Writes the squares as the text of a JSON array. */
    void writeSquares(OutputStream out) throws IOException;

    /** In the parent's own mapping: the child has published there, and its pages are the parent's. */
    record InMapping(MappedFile memory, Report report) implements Observation {
        @Override
        public long count() {
            return memory.count();
        }

        @Override
        public BigInteger sum() {
            return memory.sum();
        }

        @Override
        public boolean agrees() {
            return report.count() == count() && report.sum().equals(sum()) && report.squaresAreInMemory();
        }

        @Override
        public void writeSquares(OutputStream out) throws IOException {
            out.write('[');
            SquaresText squares = new SquaresText(memory);
            for (ByteBuffer piece = squares.nextPiece(); piece != null; piece = squares.nextPiece()) {
                out.write(piece.array(), piece.position(), piece.remaining());
            }
        }
    }

    /** In the child's message, decoded. */
    record FromMessage(Report report) implements Observation {
        @Override
        public String where() {
            return "message";
        }

        @Override
        public long count() {
            return report.count();
        }

        @Override
        public BigInteger sum() {
            return report.sum();
        }

        @Override
        public boolean agrees() {
            return true;
        }

        @Override
        public void writeSquares(OutputStream out) throws IOException {
            out.write('[');
            report.decodeSquares(out);
            out.write(']');
        }
    }

    /** Nothing: the child has published in its own memory. */
    record Nothing(Report report) implements Observation {
        @Override
        public long count() {
            return 0;
        }

        @Override
        public BigInteger sum() {
            return BigInteger.ZERO;
        }

        @Override
        public boolean agrees() {
            return report.count() == 0 && report.sum().signum() == 0;
        }

        @Override
        public void writeSquares(OutputStream out) throws IOException {
            out.write('[');
            out.write(']');
        }
    }
}
