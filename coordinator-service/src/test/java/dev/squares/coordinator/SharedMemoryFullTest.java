package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** On a file system in memory that has room for one megabyte. Only root can mount one. */
class SharedMemoryFullTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int HEADER_BYTES = 64;
    private static final int BYTES_PER_ELEMENT = 16;

    private static Path directory;
    private static Coordinator coordinator;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        directory = TemporaryDirectories.create();
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTE, "tmpfs", directory.toString()),
                "mounting is not allowed");
        // More than there is: it is the file system that says no.
        coordinator = Coordinator.start(directory, "--squares.shared-memory-limit=1GB",
                // Half of it would be mailboxes.
                "--squares.worker.jobs-at-once=0");
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        if (coordinator != null) {
            coordinator.close();
            run("umount", directory.toString());
        }
        FileSystemUtils.deleteRecursively(directory);
    }

    @AfterEach
    void goesOnAndLeavesNothing() throws IOException {
        Reply reply = coordinator.client().square("?process=pooled", "[1, 2]").requireOk();
        assertThat(reply.parent().squares()).containsExactly(1, 4);
        Leftovers.awaitNone(directory);
        assertThat(Files.getFileStore(directory).getUsableSpace()).isGreaterThan(MEGABYTE * 9 / 10);
    }

    // The inputs fit and the squares do not; not even the inputs fit.
    @ParameterizedTest
    @ValueSource(ints = {100_000, 200_000})
    void saysHowMuchAListNeedsAndHowMuchThereIs(int count) {
        JsonNode problem = coordinator.client()
                .squareUnchecked("?view=summary", list(count, 1))
                .requireProblem(507, "shared-memory-full");

        assertThat(problem.get("needed").longValue()).isEqualTo(HEADER_BYTES + (long) BYTES_PER_ELEMENT * count);
        assertThat(problem.get("available").longValue()).isEqualTo(MEGABYTE);
    }

    @Test
    void saysSoWhereTheListFitsAndItsReportDoesNot() {
        // 800 kB for the list and its squares, as much again for a report of squares of 19 digits.
        String list = list(50_000, 3_037_000_499L);

        JsonNode problem = coordinator.client().squareUnchecked("", list).requireProblem(507, "shared-memory-full");

        assertThat(problem.get("needed").longValue()).isEqualTo(HEADER_BYTES + 16 * 50_000 + 256 + 20 * 50_000);
        assertThat(problem.get("available").longValue()).isEqualTo(MEGABYTE);
        coordinator.client().squareUnchecked("?view=summary", list).requireOk();
    }

    @Test
    void saysSoWhereTheReportIsWrittenBeforeTheFileSystemIsFull() throws IOException {
        // 640 kB, of which the report is less than one is asked about beforehand.
        Path other = directory.resolve("other");
        Files.write(other, new byte[MEGABYTE / 2]);
        try {
            JsonNode problem = coordinator.client()
                    .squareUnchecked("", list(18_000, 3_037_000_499L))
                    .requireProblem(507, "shared-memory-full");

            assertThat(problem.get("needed").longValue())
                    .isEqualTo(HEADER_BYTES + 16 * 18_000 + 256 + 20 * 18_000)
                    .isGreaterThan(problem.get("available").longValue());
            assertThat(problem.get("available").longValue()).isGreaterThan(MEGABYTE / 4);
        } finally {
            Files.delete(other);
        }
    }

    private static String list(int count, long number) {
        return Collections.nCopies(count, number).toString();
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}
