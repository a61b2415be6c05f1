package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.squares.worker.memory.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command of the pages does what they say. A block of commands that asks for more than a coordinator, such as Docker, has a
 * comment before it that is not shown: {@code <!-- manual: Docker -->}.
 */
class CommandsTest extends HttpTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern
            .compile("(?ms)(^<!-- manual: [^>]+ -->\n)?^```(?:sh|bash|console)\n(.*?)^```$");
    private static final Pattern PROBLEM = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| `(curl [^`]*)` \\|$");

    /** They need the lower limits that are set above their table. */
    private static final Set<String> OF_LOWER_LIMITS = Set.of("request-timeout", "list-too-long", "shared-memory-full");

    /** Process ids, and which file is mapped: each is replaced by its number in the order of appearance, so that equal stays equal. */
    private static final Pattern NAMES = Pattern
            .compile("(?<=\"p?pid\":|worker process )\\d+|[0-9a-f]{2,}:[0-9a-f]{2,} \\d+"
                    + "|(?<=\"device\":\")[^}]*(?=,\"bytes\")|(?<=\"pidNamespace\":\")[^\"]*|(?<=\"0\":\"[0-9a-f]{96})[0-9a-f]{8}");

    /** Times, addresses, how far a path is from the digits before it, which process takes orphans, and whether another process has a page in memory as well. */
    private static final Map<String, String> HERE_OR_THERE = Map.of(
            "(?<=\"(t|forkedMillisAgo|ranForMillis)\":)[0-9.]+", "0",
            "(?<=\"maps\":\")[0-9a-f]+-[0-9a-f]+", "0-1",
            " */[^ ]*/squares-[0-9a-f-]+/[0-9a-f-]+(?=\")", " /file",
            "\"ppid\":\\d+,\"adoptedBy\":\"[^\"]*\"", "\"ppid\":1,\"adoptedBy\":\"init\"",
            "(?<=\"pages\":\")(c?)[fF](?=(cc)?\")", "$1f");

    /** Which updates are lost, if any are. */
    private static final Map<String, String> OF_A_RACE = Map.of(
            "(?<=unsynchronized lostUpdates:)\\d+", "0",
            "(?<=\"lostUpdates\":)\\d+", "0",
            "\"match\":(true|false)", "\"match\":false",
            "(?<=\"parentObserved\":\\{\"pid\":\\d{1,9},\"count\":1000000,\"sum\":)\\d+", "0");

    @TempDir
    private Path folder;

    /**
     * Commands that follow each other.
     *
     * @param lines a line with a dollar sign is a command, and what follows is what it prints; where there is none, all is one command
     */
    record Block(String page, boolean manual, List<String> lines) {
        /** Null where nobody says what is printed. */
        record Command(String text, String printed) {}

        List<Command> commands() {
            if (lines.stream().noneMatch(line -> line.startsWith("$ "))) {
                return List.of(new Command(String.join("\n", lines), null));
            }
            List<Command> commands = new ArrayList<>();
            for (String line : lines) {
                if (line.startsWith("$ ")) {
                    commands.add(new Command(line.substring(2), ""));
                } else {
                    Command last = commands.removeLast();
                    commands.add(new Command(last.text, last.printed + line + "\n"));
                }
            }
            return commands;
        }

        @Override
        public String toString() {
            return page + ": " + lines.getFirst();
        }
    }

    static List<Block> blocks(Path page) throws IOException {
        return BLOCK.matcher(Files.readString(page))
                .results()
                .map(block -> new Block(ROOT.relativize(page).toString(), block.group(1) != null,
                        block.group(2).lines().toList()))
                .toList();
    }

    /** One that says what it prints stands for the same one elsewhere that does not. */
    static Stream<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : DocsTest.pages()) {
            blocks(page).stream().filter(block -> !block.manual()).forEach(blocks::add);
        }
        Set<String> answered = blocks.stream()
                .flatMap(block -> block.commands().stream())
                .filter(command -> command.printed != null)
                .map(Block.Command::text)
                .collect(Collectors.toSet());
        return blocks.stream().filter(block -> !answered.contains(String.join("\n", block.lines())));
    }

    @BeforeAll
    static void requireShellAndCurl() throws IOException {
        assumeTrue(Printed.isThere("curl"), "There is no curl here.");
        assumeTrue(Printed.isThere("python3"), "There is no Python here.");
        // What the answers say of pages is for these.
        assumeTrue(Evidence.pageSize() == 4096, "The pages of this machine have another size.");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void commandPrintsWhatThePageSays(Block block) throws IOException, InterruptedException {
        for (Block.Command command : block.commands()) {
            Printed printed = run(command.text());

            assertThat(printed.exitCode()).as("%s: %s", command, printed).isZero();
            if (command.printed() != null) {
                assertThat(general(command.text(), printed.text()))
                        .isEqualTo(general(command.text(), command.printed()));
            }
        }
    }

    static Stream<MatchResult> problems() throws IOException {
        Matcher problem = PROBLEM.matcher(Files.readString(ROOT.resolve("docs/api.md")));
        return problem.results().filter(row -> !OF_LOWER_LIMITS.contains(row.group(1)));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void commandProvokesTheErrorThatItIsFor(MatchResult row) throws IOException, InterruptedException {
        assertThat(run(row.group(2)).text()).contains("\"type\":\"urn:squares:problem:" + row.group(1) + "\"");
    }

    private Printed run(String command) throws IOException, InterruptedException {
        return Printed.by(folder, "sh", "-c", command.replace("localhost:8080", "localhost:" + port)
                .replace(" lab/", " " + ROOT.resolve("lab") + "/"));
    }

    private static String general(String command, String printed) {
        String text = printed.stripTrailing();
        if (command.contains("unsynchronized")) {
            text = replaceAll(OF_A_RACE, text);
        }
        text = replaceAll(HERE_OR_THERE, text);
        Map<String, String> names = new HashMap<>();
        return NAMES.matcher(text)
                .replaceAll((MatchResult name) -> names.computeIfAbsent(name.group(), _ -> "#" + (names.size() + 1)));
    }

    private static String replaceAll(Map<String, String> patterns, String text) {
        String replaced = text;
        for (Map.Entry<String, String> pattern : patterns.entrySet()) {
            replaced = replaced.replaceAll(pattern.getKey(), pattern.getValue());
        }
        return replaced;
    }
}
