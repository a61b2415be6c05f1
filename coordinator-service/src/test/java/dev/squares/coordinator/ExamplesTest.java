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
import org.junit.jupiter.api.Test;

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
        assertPrints(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "Squares.java");
    }

    private void assertPrints(String program, String example) throws IOException, InterruptedException {
        Printed printed = Printed.by(EXAMPLES, program, example, "http://localhost:" + port);
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
