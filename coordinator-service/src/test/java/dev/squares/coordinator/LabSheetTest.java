package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the lab sheet promises to teachers. {@link CommandsTest} runs its commands. */
class LabSheetTest extends HttpTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @BeforeAll
    static void requirePython() {
        assumeTrue(Printed.isThere("python3"), "There is no Python here.");
    }

    @Test
    void whatATeacherChecksHolds() throws IOException, InterruptedException {
        Printed printed = check("--url", "http://localhost:" + port);

        assertThat(printed.text()).contains("ok     none: the parent sees nothing of it",
                "ok     shared-memory: the kernel says that the child's mapping is rw-s",
                "ok     shared-memory: of a child that is killed halfway the parent sees 4 squares",
                "ok     atomic: two children have added to one sum, and no update was lost")
                .doesNotContain("FALSE");
        assertThat(printed.exitCode()).isZero();
    }

    @Test
    void whatDoesNotHoldIsSaid() throws IOException, InterruptedException {
        Printed printed = check("--url", "http://localhost:" + port,
                "--expect", "none=true", "--expect", "shared-memory=false");

        assertThat(printed.text()).contains("FALSE  none: match is true", "FALSE  shared-memory: match is false",
                "ok     message-passing: match is true");
        assertThat(printed.exitCode()).isEqualTo(1);
    }

    @Test
    void whereThereIsNoServiceThatIsSaid() throws IOException, InterruptedException {
        Printed printed = check("--url", "http://localhost:1");

        assertThat(printed.text() + printed.errors()).startsWith("The service cannot be reached: ")
                .doesNotContain("Traceback");
        assertThat(printed.exitCode()).isEqualTo(1);
    }

    private static Printed check(String... arguments) throws IOException, InterruptedException {
        return Printed.by(ROOT,
                Stream.concat(Stream.of("python3", "lab/check.py"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void sheetAndAnswersHaveTheSameCommands() throws IOException {
        assertThat(commands("lab-sheet.md")).hasSizeGreaterThanOrEqualTo(8).isEqualTo(commands("lab-sheet-answers.md"));
    }

    private static List<String> commands(String page) throws IOException {
        return CommandsTest.blocks(ROOT.resolve("docs").resolve(page))
                .stream()
                .flatMap(block -> block.commands().stream())
                .map(CommandsTest.Block.Command::text)
                .toList();
    }
}
