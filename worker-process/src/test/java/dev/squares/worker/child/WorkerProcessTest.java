package dev.squares.worker.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The worker process at work, over its real pipes. */
@ExtendWith(NoChildLeft.class)
class WorkerProcessTest {
    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("file");
    }

    @Test
    void reportIsWhatTheLecturesChildPrintsAndTheParentObservesTheSame() throws IOException {
        MappedFiles.create(file, 1, 2, 3, 4);
        try (Child child = Child.start(); ParentMapping parent = ParentMapping.open(file)) {
            assertThat(child.square(file, Mapping.SHARED, View.FULL))
                    .isEqualTo("{\"pid\":" + child.pid() + ",\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}");
            assertThat(parent.isDone()).isTrue();
            assertThat(parent.childPid()).isEqualTo(child.pid());
            assertThat(parent.written()).isEqualTo(4);
            assertThat(parent.sum()).isEqualTo(30);
            assertThat(LongStream.range(0, 4).map(parent::square)).containsExactly(1L, 4L, 9L, 16L);
        }
    }

    @Test
    void privateWritesAreReportedButStayInTheChild() throws IOException {
        MappedFiles.create(file, 1, 2, 3, 4);
        try (Child child = Child.start(); ParentMapping parent = ParentMapping.open(file)) {
            assertThat(child.square(file, Mapping.PRIVATE, View.FULL))
                    .isEqualTo("{\"pid\":" + child.pid() + ",\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}");
            assertThat(parent.isDone()).isFalse();
            assertThat(parent.written()).isZero();
            assertThat(LongStream.range(0, 4).map(parent::square)).containsOnly(0L);
        }
    }

    /** So that the parent can delete the file as soon as it has the line, also where a file that is mapped cannot be deleted. */
    @ParameterizedTest
    @EnumSource(Mapping.class)
    void fileIsUnmappedBeforeTheLineOfItsReportEnds(Mapping mapping) throws IOException {
        // To unmap so much takes a while.
        MappedFiles.create(file, LongStream.range(0, 300_000));
        try (Child child = Child.start()) {
            Path maps = Path.of("/proc", Long.toString(child.pid()), "maps");
            assumeTrue(Files.isReadable(maps), "proc(5) is Linux's");
            for (int i = 0; i < 3; i++) {
                assertThat(child.square(file, mapping, View.SUMMARY)).endsWith("}");
                assertThat(Files.readString(maps)).contains("[stack]").doesNotContain(file.toString());
            }
        }
    }

    @Test
    void oneProcessDoesManyJobs() throws IOException {
        try (Child child = Child.start()) {
            for (int count = 0; count < 50; count++) {
                Path list = MappedFiles.create(directory.resolve("list " + count), LongStream.range(0, count));
                String squares = LongStream.range(0, count)
                        .mapToObj(i -> "" + i * i)
                        .collect(Collectors.joining(",", "[", "]"));
                long sum = LongStream.range(0, count).map(i -> i * i).sum();
                String summary = "{\"pid\":" + child.pid() + ",\"count\":" + count + ",\"sum\":" + sum;
                assertThat(child.square(list, Mapping.SHARED, View.SUMMARY)).isEqualTo(summary + "}");
                assertThat(child.square(list, Mapping.SHARED, View.FULL))
                        .isEqualTo(summary + ",\"squares\":" + squares + "}");
            }
            assertThat(child.hasSpoken()).isFalse();
        }
    }

    @Test
    void jobsThatAreSentAtOnceAreReportedInTheirOrder() throws IOException {
        // Some of them last so long, interpreted, that the child's other thread takes the reading over.
        List<Integer> counts = List.of(1, 300_000, 2, 3, 300_001, 300_002, 4);
        StringBuilder lines = new StringBuilder();
        for (int count : counts) {
            Path list = MappedFiles.create(directory.resolve("list " + count), LongStream.range(0, count));
            lines.append(new Job(list, Mapping.SHARED, View.SUMMARY).line()).append('\n');
        }
        try (Child child = Child.start("-Xint")) {
            child.sendUnended(lines.toString());
            for (int count : counts) {
                assertThat(child.report()).contains("\"count\":" + count + ",");
            }
        }
    }

    @Test
    void everyNumberIsReportedToTheLastDigit() throws IOException {
        MappedFiles.create(file, 0, -1, 3, 10, 31_622, 31_623, 1_000_000_000, -MappedFile.MAX_INPUT,
                MappedFile.MAX_INPUT, MappedFile.MAX_INPUT);
        try (Child child = Child.start()) {
            assertThat(child.square(file, Mapping.SHARED, View.FULL)).isEqualTo(
                    "{\"pid\":" + child.pid() + ",\"count\":10,\"sum\":28670116094778712126"
                            + ",\"squares\":[0,1,9,100,999950884,1000014129,1000000000000000000"
                            + ",9223372030926249001,9223372030926249001,9223372030926249001]}");
        }
    }

    @Test
    void millionElementsPassThrough32MegabytesOfHeap() throws IOException {
        int count = 1_000_000;
        MappedFiles.create(file, LongStream.range(0, count));
        try (Child child = Child.start(); ParentMapping parent = ParentMapping.open(file)) {
            String report = child.square(file, Mapping.SHARED, View.FULL);
            assertThat(report).startsWith("{\"pid\":" + child.pid() + ",\"count\":1000000,\"sum\":333332833333500000,");
            String squares = report.substring(report.indexOf('[') + 1, report.length() - 2);
            long[] reported = Arrays.stream(squares.split(",")).mapToLong(Long::parseLong).toArray();
            assertThat(reported).isEqualTo(LongStream.range(0, count).map(i -> i * i).toArray());
            assertThat(LongStream.range(0, count).map(parent::square).toArray()).isEqualTo(reported);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "sun.jnu.encoding", matches = "UTF-8", disabledReason = "no such names here")
    void namesMayHaveSpacesAndBeOfAnyScript() throws IOException {
        Path odd = MappedFiles.create(directory.resolve("naïve ☃ list"), 3);
        try (Child child = Child.start()) {
            assertThat(child.square(odd, Mapping.SHARED, View.SUMMARY)).contains("\"sum\":9");
        }
    }
}
