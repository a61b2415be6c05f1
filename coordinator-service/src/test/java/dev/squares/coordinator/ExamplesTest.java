package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The clients in {@code examples/} print what they promise. */
class ExamplesTest extends HttpTest {
    private static final Path EXAMPLES = Path.of("../examples");

    private static final List<String> PRINTED = List.of(
            "shared-memory: the child reports [1,4,9,16], the parent observes [1,4,9,16]",
            "none: the child reports [1,4,9,16], the parent observes []",
            "message-passing: the child reports [1,4,9,16], the parent observes [1,4,9,16]",
            // Or none was: that is up to the scheduler.
            "unsynchronized: 2 children, updates were lost",
            "atomic: 2 children, no update was lost",
            "not-an-integer-list: Element 1 is a number with a fraction, not an integer. "
                    + "Send a JSON array of integers, for example [1, 2, 3, 4].");

    private static final Pattern REQUEST = Pattern.compile(
            "(?m)^(GET|POST) \\{\\{service}}(\\S+)\\n((?:[\\w-]+: .*\\n)*)(?:\\n(\\[.*]))?");

    @Test
    void clientInPython() throws IOException, InterruptedException {
        assumeTrue(Printed.isThere("python3"), "There is no Python here.");
        assertPrints("python3", "squares.py");
    }

    @Test
    void clientInJava() throws IOException, InterruptedException {
        // It compiles and runs for a second: what a better compiler would gain is less than it costs.
        assertPrints(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "Squares.java");
    }

    @Test
    void clientInTypeScript() throws IOException, InterruptedException {
        assumeTrue(nodeRunsTypeScript(), "There is no Node.js 22.18 or later here.");
        assertPrints("node", "squares.ts");
    }

    private static boolean nodeRunsTypeScript() throws IOException, InterruptedException {
        return Printed.isThere("node")
                && Printed.by(EXAMPLES, "node", "-p", "process.features.typescript").text().strip().equals("strip");
    }

    @Test
    void cellsOfTheNotebook(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Printed.isThere("python3"), "There is no Python here.");
        boolean plots = Printed.by(folder, "python3", "-c", "import matplotlib").exitCode() == 0;
        JsonNode notebook = new JsonMapper().readTree(Files.readString(EXAMPLES.resolve("squares.ipynb")));
        // Without a window, and with nothing kept for the next time.
        StringBuilder program = new StringBuilder("""
                import os
                os.environ.update(MPLBACKEND="Agg", MPLCONFIGDIR=os.getcwd())
                """);
        for (JsonNode cell : notebook.get("cells")) {
            if (cell.get("cell_type").stringValue().equals("code")) {
                assertThat(cell.get("outputs")).as("outputs are not checked in").isEmpty();
                String source = String.join("", cell.get("source").valueStream().map(JsonNode::stringValue).toList());
                if (plots || !source.contains("matplotlib")) {
                    program.append(source.replace("localhost:8080", "localhost:" + port)).append("\n\n");
                }
            }
        }
        if (plots) {
            program.append("figure.savefig('plot.svg')\n");
        }
        Files.writeString(folder.resolve("notebook.py"), program);

        Printed printed = Printed.by(folder, "python3", "notebook.py");

        assertThat(printed.exitCode()).as("%s", printed).isZero();
        assertThat(printed.text()
                .lines()
                .map(line -> line.replaceAll("(?<=\\d), (?=\\d+[],])", ",").replaceAll("\\d+\\.\\d+ ms", "0 ms")))
                .startsWith(PRINTED.get(0), PRINTED.get(1), PRINTED.get(2))
                .contains("none: 1: 0 ms, 10: 0 ms, 100: 0 ms, 1000: 0 ms, 10000: 0 ms, 100000: 0 ms");
        if (plots) {
            assertThat(Files.readString(folder.resolve("plot.svg"))).contains("message-passing");
        }
    }

    private void assertPrints(String... example) throws IOException, InterruptedException {
        Printed printed = Printed.by(EXAMPLES,
                Stream.concat(Stream.of(example), Stream.of("http://localhost:" + port)).toArray(String[]::new));
        assertThat(printed.exitCode()).as("%s", printed).isZero();
        assertThat(printed.text()
                .lines()
                .map(line -> line.replaceAll("(?<=\\d), (?=\\d)", ",")
                        .replace("unsynchronized: 2 children, no update was lost", PRINTED.get(3))
                        .replace("[1,2,3,4]", "[1, 2, 3, 4]")))
                .isEqualTo(PRINTED);
    }

    @Test
    void requestsForEditors() throws IOException {
        String file = Files.readString(EXAMPLES.resolve("squares.http"));
        List<MatchResult> requests = REQUEST.matcher(file).results().toList();

        assertThat(requests).hasSize(file.split("(?m)^### ").length - 1);
        for (MatchResult request : requests) {
            HttpRequest.Builder builder = client.request(request.group(2));
            request.group(3).lines().map(header -> header.split(": ")).forEach(h -> builder.header(h[0], h[1]));
            if (request.group(1).equals("POST")) {
                builder.POST(BodyPublishers.ofString(request.group(4)));
            }
            assertThat(client.reply(builder).status()).as(request.group())
                    .isEqualTo(request.group(4) != null && request.group(4).contains("2.5") ? 422 : 200);
        }
    }
}
