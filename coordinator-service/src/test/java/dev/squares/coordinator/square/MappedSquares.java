package dev.squares.coordinator.square;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.Quota;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Mapped files in which a child has published. */
final class MappedSquares {
    private MappedSquares() {}

    /** A file with these squares, mapped as a parent does. The file is gone already. */
    static ParentMapping published(Path directory, List<Long> squares) throws IOException {
        return create(directory, squares, true);
    }

    /** A file in which nothing was published. */
    static ParentMapping unpublished(Path directory, List<Long> squares) throws IOException {
        return create(directory, squares, false);
    }

    static BigInteger sum(List<Long> squares) {
        return squares.stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static ParentMapping create(Path directory, List<Long> squares, boolean done) throws IOException {
        Path path = Files.createTempDirectory(directory, "mapped").resolve("file");
        try (MappedFileWriter writer = new MappedFileWriter(path, Quota.of(directory))) {
            squares.forEach(square -> writer.add(0));
            writer.complete();
        }
        try (ChildMapping child = ChildMapping.open(path, Mapping.SHARED)) {
            for (int i = 0; i < squares.size(); i++) {
                child.squares(i, 1).put(0, squares.get(i));
            }
            if (done) {
                BigInteger sum = sum(squares);
                child.publishDone(sum.shiftRight(Long.SIZE).longValue(), sum.longValue(), 1);
            }
        }
        ParentMapping parent = ParentMapping.open(path);
        Files.delete(path);
        return parent;
    }
}
