package dev.squares.worker.child;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.Quota;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The squaring of a mapped file, beside the copying of the same bytes to the same place: nothing that reads and writes them is
 * faster.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelBenchmark {
    /** The folder for the mapped file. */
    public static final String FOLDER = "benchmarks.folder";

    private static final int PID = 1;

    @Param({"100000"})
    public int count;

    private Path file = Path.of("");
    private Arena arena = Arena.ofAuto();
    @SuppressWarnings("NullAway.Init") // by map()
    private ChildMapping memory;
    private MemorySegment inputs = MemorySegment.NULL;
    private MemorySegment squares = MemorySegment.NULL;

    @Setup
    public void map() throws IOException {
        Path folder = Path.of(System.getProperty(FOLDER));
        file = Files.createTempDirectory(folder, "kernel").resolve("list");
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(folder))) {
            for (int i = 0; i < count; i++) {
                writer.add(i);
            }
            writer.complete();
        }
        memory = ChildMapping.open(file, Job.Mapping.SHARED);
        arena = Arena.ofConfined();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment all = channel.map(MapMode.READ_WRITE, 0, channel.size(), arena);
            long bytes = (long) count * Long.BYTES;
            squares = all.asSlice(all.byteSize() - bytes);
            inputs = all.asSlice(all.byteSize() - 2 * bytes, bytes);
        }
    }

    @TearDown
    public void unmap() throws IOException {
        arena.close();
        memory.close();
        Files.delete(file);
    }

    @Benchmark
    public void squaring() {
        Squaring.run(memory, PID);
    }

    @Benchmark
    public void copying() {
        MemorySegment.copy(inputs, 0, squares, 0, inputs.byteSize());
    }
}
