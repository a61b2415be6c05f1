package dev.squares.worker.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import dev.squares.worker.testing.Signals;
import dev.squares.worker.testing.SmallTmpfs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the worker process ends: at the end of its input, at once, or with an exit code and a reason. */
@ExtendWith(NoChildLeft.class)
class WorkerProcessEndTest {
    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("file");
    }

    @Test
    void endOfInputEndsAnIdleWorkerInSilence() throws IOException {
        try (Child child = Child.start()) {
            child.endInput();
            assertThat(child.exitCode()).isZero();
            assertThat(child.restOfOutput()).isEmpty();
            assertThat(child.stderr()).isEmpty();
        }
    }

    @Test
    void endOfInputEndsAWorkerInTheMiddleOfSquaring() throws IOException {
        int count = 3_000_000;
        MappedFiles.create(file, LongStream.range(0, count));
        // Interpreted, so that the job takes seconds.
        try (Child child = Child.start("-Xint"); ParentMapping parent = ParentMapping.open(file)) {
            child.send(new Job(file, Mapping.SHARED, View.SUMMARY).line());
            await().pollInSameThread().until(() -> parent.written() > 0);
            child.endInput();

            assertThat(child.exitCode()).isZero();
            assertThat(parent.isDone()).isFalse();
            assertThat(parent.written()).isBetween(1L, count - 1L);
            assertThat(child.restOfOutput()).isEmpty();
        }
    }

    @Test
    void endOfInputEndsAWorkerWhoseReportNobodyReads() throws IOException {
        MappedFiles.create(file, LongStream.range(0, 100_000));
        try (Child child = Child.start()) {
            child.send(new Job(file, Mapping.SHARED, View.FULL).line());
            await().until(child::hasSpoken);
            child.endInput();
            assertThat(child.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            square,                       not a job: "square"
            {"file":"x"},                 not a job: "{"file":"x"}"
            square x copied full,         unknown word: "copied"
            square x shared everything,   unknown word: "everything"
            """)
    void lineThatIsNoJobEndsItWithTheUsage(String line, String complaint) throws IOException {
        try (Child child = Child.start()) {
            child.send(line);
            assertThat(child.exitCode()).isEqualTo(64);
            assertThat(child.restOfOutput()).isEmpty();
            assertThat(child.stderr()).contains(complaint,
                    "usage: " + Job.USAGE);
        }
    }

    @Test
    void badFileEndsItWithItsFault() throws IOException {
        Files.writeString(file, "this is no mapped file but long enough to be one".repeat(2));
        assertEnds(65, "magic mismatch: expected=3153455241555153");
    }

    @Test
    void shortFileEndsItWithItsFault() throws IOException {
        Files.createFile(file);
        assertEnds(65, "file too short for a header: expected=64 or more actual=0");
    }

    @Test
    void squareThatDoesNotFitEndsItWithItsPlace() throws IOException {
        MappedFiles.create(file, 1, MappedFile.MAX_INPUT + 1, 3);
        assertEnds(65, "a square does not fit 64 bits: between index=0 and 2");
        try (ParentMapping parent = ParentMapping.open(file)) {
            assertThat(parent.isDone()).isFalse();
        }
    }

    @Test
    void missingFileEndsIt() {
        assertEnds(74, file.toString());
    }

    @Test
    void directoryEndsIt() throws IOException {
        Files.createDirectory(file);
        assertEnds(74, file.toString());
    }

    @Test
    void pageThatCannotBeHadEndsIt() throws IOException {
        try (SmallTmpfs _ = new SmallTmpfs(directory)) {
            // Sparse, as a careless creator would leave it: inputs and squares have no pages, and there is room for
            // half.
            Path whole = MappedFiles.create(directory.resolve("small"), 7);
            try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                byte[] header = Files.readAllBytes(whole);
                long count = 100_000;
                header[16] = (byte) count;
                header[17] = (byte) (count >>> 8);
                header[18] = (byte) (count >>> 16);
                sparse.write(header, 0, 64);
                sparse.setLength(64 + 16 * count);
            }
            Files.write(directory.resolve("other"), new byte[700_000]);
            assertEnds(74, "InternalError");
        }
    }

    private void assertEnds(int exitCode, String complaint) {
        try (Child child = Child.start()) {
            child.send(new Job(file, Mapping.SHARED, View.FULL).line());
            assertThat(child.exitCode()).isEqualTo(exitCode);
            assertThat(child.restOfOutput()).isEmpty();
            assertThat(child.stderr()).startsWith("worker: ").contains(complaint);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void lineThatNeverEndsCannotMakeItAnOrphan() throws IOException {
        try (Child child = Child.start()) {
            String mouthful = "x".repeat(1 << 20);
            CompletableFuture<Void> sending = Background.run(() -> {
                while (true) {
                    child.sendUnended(mouthful);
                }
            });
            child.exitCode();
            assertThat(sending).failsWithin(Duration.ofMinutes(1))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(IOException.class);
            assertThat(child.restOfOutput()).isEmpty();
        }
    }

    /** A thread dump is what the JVM prints on SIGQUIT, and standard output is where it prints it by default. */
    @Test
    void whatTheJvmItselfHasToSayDoesNotReachStandardOutput() throws Exception {
        MappedFiles.create(file, 3);
        try (Child child = Child.start()) {
            assertThat(child.square(file, Mapping.SHARED, View.SUMMARY)).endsWith("\"sum\":9}");
            Signals.send("QUIT", child.pid());
            assertThat(child.square(file, Mapping.SHARED, View.SUMMARY))
                    .isEqualTo("{\"pid\":" + child.pid() + ",\"count\":1,\"sum\":9}");
            await().until(() -> child.stderrSoFar().contains("Full thread dump"));
            child.endInput();
            assertThat(child.restOfOutput()).isEmpty();
        }
    }

    @Test
    void fatalErrorOfTheJvmGoesToStandardErrorAndLeavesNoFile() throws Exception {
        MappedFiles.create(file, 3);
        try (Child child = Child.start()) {
            assertThat(child.square(file, Mapping.SHARED, View.SUMMARY)).endsWith("\"sum\":9}");
            Signals.send("SEGV", child.pid());
            // And not 134, for SIGABRT, because it is told to leave no core.
            assertThat(child.exitCode()).isEqualTo(1);
            // The short form goes to standard output whatever the options are. It is no report, and nobody takes it for
            // one.
            assertThat(child.restOfOutput()).startsWith("#");
            assertThat(child.stderr()).contains("SIGSEGV");
            assertThat(Path.of("hs_err_pid" + child.pid() + ".log")).doesNotExist();
        }
    }

    @Test
    void unknownFileOfTheJvmIsNotComplainedAboutOnStandardOutput() throws IOException {
        MappedFiles.create(file, 3);
        Path missing = directory.resolve("missing.aot");
        try (Child child = Child.start("-XX:AOTCache=" + missing)) {
            assertThat(child.square(file, Mapping.SHARED, View.SUMMARY))
                    .isEqualTo("{\"pid\":" + child.pid() + ",\"count\":1,\"sum\":9}");
        }
    }
}
