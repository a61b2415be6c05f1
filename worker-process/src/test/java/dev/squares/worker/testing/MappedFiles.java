package dev.squares.worker.testing;

import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.Quota;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;

/** Mapped files with known inputs. */
public final class MappedFiles {
    private MappedFiles() {}

    /** A mapped file of these inputs. */
    public static Path create(Path file, long... inputs) throws IOException {
        return create(file, LongStream.of(inputs));
    }

    /** A mapped file of these inputs. */
    public static Path create(Path file, LongStream inputs) throws IOException {
        return createSliced(file, 0, inputs);
    }

    /** A mapped file of these inputs, in so many slices. */
    public static Path createSliced(Path file, int slices, LongStream inputs) throws IOException {
        Quota quota = Quota.of(file.toAbsolutePath().getParent());
        try (MappedFileWriter writer = new MappedFileWriter(file, quota, slices)) {
            inputs.forEach(writer::add);
            writer.complete();
        }
        return file;
    }
}
