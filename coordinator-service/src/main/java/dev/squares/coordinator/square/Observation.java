package dev.squares.coordinator.square;

import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.SquaresText;
import dev.squares.worker.memory.SumMode;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What the parent observes of a child's work, where the experiment lets it look. */
sealed interface Observation {
    /** Looks at what one child has done. */
    static Observation of(Ipc ipc, MappedFile memory, Report report) {
        return of(ipc, memory, List.of(memory), List.of(report), SumMode.OWN);
    }

    /** Looks at what several children have done, each on a slice. */
    static Observation of(Options options, ParentMapping memory, List<Report> reports) throws IOException {
        List<MappedFile> slices = new ArrayList<>();
        for (int i = 0; i < memory.slices(); i++) {
            slices.add(memory.slice(i));
        }
        return of(options.ipc(), memory, slices, reports, options.sum());
    }

    private static Observation of(
            Ipc ipc, MappedFile memory, List<MappedFile> parts, List<Report> reports, SumMode mode) {
        return switch (ipc) {
            case MESSAGE_PASSING -> new FromMessage(reports);
            case SHARED_MEMORY, NONE ->
                memory.isDone() ? new InMapping(memory, parts, reports, mode) : new Nothing(reports);
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

    /** By how much that is short of the sum of the squares, where several children have added to it. */
    default BigInteger lostUpdates() {
        return BigInteger.ZERO;
    }

    /** Whether the children have reported the same. */
    boolean agrees();

    /** Writes the squares as the text of a JSON array. */
    void writeSquares(OutputStream out) throws IOException;

    /** In the parent's own mapping: the children have published there, and its pages are the parent's. */
    record InMapping(
        MappedFile memory,
        List<MappedFile> parts,
        List<Report> reports,
        SumMode mode
    ) implements Observation {
        @Override
        public long count() {
            return memory.count();
        }

        /** Where the children have added to one sum, it is what is there; else the parent adds up what they have published. */
        @Override
        public BigInteger sum() {
            return mode == SumMode.OWN ? memory.sum() : BigInteger.valueOf(memory.sharedSum());
        }

        @Override
        public BigInteger lostUpdates() {
            return mode == SumMode.OWN ? BigInteger.ZERO : memory.sum().subtract(sum());
        }

        @Override
        public boolean agrees() {
            for (int i = 0; i < parts.size(); i++) {
                if (!reports.get(i).isOf(parts.get(i))) {
                    return false;
                }
            }
            return lostUpdates().signum() == 0;
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

    /** In the children's messages, decoded. */
    record FromMessage(List<Report> reports) implements Observation {
        @Override
        public String where() {
            return "message";
        }

        @Override
        public long count() {
            return totalCount(reports);
        }

        @Override
        public BigInteger sum() {
            return totalSum(reports);
        }

        @Override
        public boolean agrees() {
            return true;
        }

        @Override
        public void writeSquares(OutputStream out) throws IOException {
            out.write('[');
            boolean first = true;
            for (Report report : reports) {
                if (!first && report.count() > 0) {
                    out.write(',');
                }
                report.decodeSquares(out);
                first &= report.count() == 0;
            }
            out.write(']');
        }
    }

    /** Nothing: the children have published in their own memory. */
    record Nothing(List<Report> reports) implements Observation {
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
            return totalCount(reports) == 0 && totalSum(reports).signum() == 0;
        }

        @Override
        public void writeSquares(OutputStream out) throws IOException {
            out.write('[');
            out.write(']');
        }
    }

    private static long totalCount(List<Report> reports) {
        return reports.stream().mapToLong(Report::count).sum();
    }

    private static BigInteger totalSum(List<Report> reports) {
        return reports.stream().map(Report::sum).reduce(BigInteger.ZERO, BigInteger::add);
    }
}
