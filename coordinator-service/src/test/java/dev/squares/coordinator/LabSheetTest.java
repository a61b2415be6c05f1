package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.squares.worker.memory.Evidence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command of the lab sheet prints what the page of answers says, but for what differs from run to run. */
class LabSheetTest extends HttpTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

    /** Process ids, and which file is mapped: each is replaced by its number in the order of appearance, so that equal stays equal. */
    private static final Pattern NAMES = Pattern.compile(
            "(?<=\"p?pid\":)\\d{2,}|[0-9a-f]{2,}:[0-9a-f]{2,} \\d+|(?<=\"pidNamespace\":\")[^\"]*");

    private static final Pattern TIMES = Pattern.compile("(?<=\"(t|forkedMillisAgo|ranForMillis)\":)[0-9.]+");

    /** Which updates are lost, which process takes orphans, and whether another process has a page in memory as well. */
    private static final Map<String, String> HERE_OR_THERE = Map.of(
            "(?<=unsynchronized lostUpdates:)\\d+", "0",
            "\"ppid\":\\d+,\"adoptedBy\":\"[^\"]*\"", "\"ppid\":1,\"adoptedBy\":\"init\"",
            "(?<=\"pages\":\")(c?)[fF](?=cc\")", "$1f");

    @BeforeAll
    static void requireShellAndCurl() throws IOException {
        assumeTrue(isThere("curl"), "There is no curl here.");
        assumeTrue(isThere("python3"), "There is no Python here.");
        // What the answers say of pages is for these.
        assumeTrue(Evidence.pageSize() == 4096, "The pages of this machine have another size.");
    }

    /** Whether a program is on the path. */
    static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    static Stream<String> exercises() throws IOException {
        return blocks("lab-sheet-answers.md").stream();
    }

    @ParameterizedTest
    @MethodSource("exercises")
    void commandPrintsWhatTheAnswersSay(String block) throws IOException, InterruptedException {
        String[] parts = block.split("\n", 2);
        String command = parts[0].substring("$ ".length()).replace("localhost:8080", "localhost:" + port);
        Printed printed = run("sh", "-c", command);

        assertThat(general(printed.text().stripTrailing())).isEqualTo(general(parts[1].stripTrailing()));
    }

    @Test
    void whatATeacherChecksHolds() throws IOException, InterruptedException {
        Printed printed = run("python3", "lab/check.py", "--url", "http://localhost:" + port);

        assertThat(printed.text()).contains("ok     none: the parent sees nothing of it",
                "ok     shared-memory: the kernel says that the child's mapping is rw-s",
                "ok     shared-memory: of a child that is killed halfway the parent sees 4 squares",
                "ok     atomic: two children have added to one sum, and no update was lost")
                .doesNotContain("FALSE");
        assertThat(printed.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none=true", "shared-memory=false"})
    void whatDoesNotHoldIsSaid(String expected) throws IOException, InterruptedException {
        Printed printed = run("python3", "lab/check.py", "--url", "http://localhost:" + port, "--expect", expected);

        assertThat(printed.text()).contains("FALSE  " + expected.replace("=", ": match is "));
        assertThat(printed.exitCode()).isEqualTo(1);
    }

    @Test
    void whereThereIsNoServiceThatIsSaid() throws IOException, InterruptedException {
        Printed printed = run("python3", "lab/check.py", "--url", "http://localhost:1");

        assertThat(printed.text()).startsWith("The service cannot be reached: ").doesNotContain("Traceback");
        assertThat(printed.exitCode()).isEqualTo(1);
    }

    private record Printed(String text, int exitCode) {}

    private static Printed run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Printed(text, process.waitFor());
    }

    @Test
    void sheetAndAnswersHaveTheSameCommands() throws IOException {
        assertThat(blocks("lab-sheet.md")).hasSizeGreaterThanOrEqualTo(8)
                .map(String::strip)
                .isEqualTo(exercises().map(block -> block.lines().findFirst().orElseThrow().substring(2)).toList());
    }

    private static List<String> blocks(String page) throws IOException {
        return BLOCK.matcher(Files.readString(ROOT.resolve("docs").resolve(page)))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String general(String output) {
        String text = TIMES.matcher(output).replaceAll("0");
        for (Map.Entry<String, String> either : HERE_OR_THERE.entrySet()) {
            text = text.replaceAll(either.getKey(), either.getValue());
        }
        Map<String, String> names = new HashMap<>();
        return NAMES.matcher(text)
                .replaceAll((MatchResult name) -> names.computeIfAbsent(name.group(), _ -> "#" + (names.size() + 1)));
    }
}
