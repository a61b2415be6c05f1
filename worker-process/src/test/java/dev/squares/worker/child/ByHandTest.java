package dev.squares.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person at a terminal can do with a worker and the tool beside it. */
@ExtendWith(NoChildLeft.class)
class ByHandTest {
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    @Test
    void listIsMadeSquaredAndShown() throws IOException {
        String file = directory.resolve("list").toString();
        assertThat(tool("create", file, "1", "2", "3", "4")).isEmpty();
        assertThat(tool("show", file)).contains("inputs  [1, 2, 3, 4]", "squares []", "sum     0");
        try (Child child = Child.start()) {
            child.square(Path.of(file), Mapping.PRIVATE, View.FULL);
            assertThat(tool("show", file)).contains("squares []", "sum     0");
            child.square(Path.of(file), Mapping.SHARED, View.FULL);
            assertThat(tool("show", file)).contains("squares [1, 4, 9, 16]", "sum     30");
        }
    }

    @Test
    void listIsSlicedForTwoWorkersWhoWaitForEachOther() throws IOException {
        String file = directory.resolve("list").toString();
        assertThat(tool("slice", "2", file, "1", "2", "3", "4")).isEmpty();
        try (Child first = Child.start(); Child second = Child.start()) {
            first.send("square " + file + " shared full slice 0 atomic");
            second.send("square " + file + " shared full slice 1 atomic");
            assertThat(first.report()).endsWith("\"from\":0,\"count\":2,\"sum\":5,\"squares\":[1,4]}");
            assertThat(second.report()).endsWith("\"from\":2,\"count\":2,\"sum\":25,\"squares\":[9,16]}");
        }
        assertThat(tool("show", file)).contains("squares [1, 4, 9, 16]", "sum     30", "shared  30");
    }

    @ParameterizedTest
    @CsvSource({"--help, 0", "-h, 0", "squares.txt, 64"})
    void workerSaysWhatItReads(String argument, int exitCode) throws IOException {
        Process worker = java("dev.squares.worker.child.Main", argument);

        assertThat(worker.inputReader().lines()).anyMatch(line -> line.strip().equals(Job.USAGE));
        assertThat(worker.onExit().join().exitValue()).isEqualTo(exitCode);
    }

    private static List<String> tool(String... arguments) throws IOException {
        Process process = java("dev.squares.worker.memory.MappedFileTool", arguments);
        List<String> output = process.inputReader().lines().toList();
        assertThat(process.onExit().join().exitValue()).as("%s", output).isZero();
        return output;
    }

    private static Process java(String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp",
                Child.classPath().toString(), main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
