package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Both processes show what the kernel says of them, while both have the file mapped. */
class EvidenceTest extends HttpTest {
    private static final Duration HOLD = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource({
            "shared-memory,   fresh,  rw-s",
            "shared-memory,   pooled, rw-s",
            "message-passing, fresh,  rw-p",
            "none,            pooled, rw-p"
    })
    void bothMapTheSameFileAndOnlyTheChildsMappingDiffers(String ipc, String process, String mode) {
        Reply reply = client.square("?explain=true&ipc=" + ipc + "&process=" + process, "[1, 2, 3, 4]").requireOk();

        JsonNode child = evidence(reply, "child");
        JsonNode parent = evidence(reply, "parent");
        assertThat(child.get("pid").longValue()).isEqualTo(reply.child().pid());
        assertThat(parent.get("pid").longValue()).isEqualTo(reply.parent().pid());
        assertThat(maps(child)[1]).isEqualTo(mode);
        assertThat(maps(parent)[1]).isEqualTo("r--s");
        // Offset, device, inode and path.
        for (int word = 2; word < 6; word++) {
            assertThat(maps(child)[word]).isEqualTo(maps(parent)[word]);
        }
        assertThat(child.get("pages").stringValue()).isEqualTo(mode.equals("rw-p") ? "c" : "F");
        String squares = "01000000000000000400000000000000090000000000000010000000";
        assertThat(child.get("bytes").get("96").stringValue()).startsWith(squares);
        boolean seen = parent.get("bytes").get("96").stringValue().startsWith(squares);
        assertThat(seen).isEqualTo(mode.equals("rw-s"));
        assertThat(reply.child().squares()).containsExactly(1, 4, 9, 16);
        assertThat(reply.parent().squares()).hasSize(ipc.equals("none") ? 0 : 4);
    }

    @Test
    void thePageIsTheUnitOfCopying() throws IOException {
        Reply reply = client.square("?explain=true&ipc=none&view=summary", list(1020)).requireOk();

        String pages = evidence(reply, "child").get("pages").stringValue();
        int pageBytes = Evidence.pageSize();
        assertThat(evidence(reply, "child").get("pageBytes").intValue()).isEqualTo(pageBytes);
        assertThat(pages).hasSize((64 + 16 * 1020 + pageBytes - 1) / pageBytes);
        if (pageBytes == 4096) {
            assertThat(pages).matches("c[^c]cc");
            assertThat(evidence(reply, "child").get("smapsKb").get("anonymous").intValue()).isEqualTo(12);
        }
        assertThat(evidence(reply, "parent").get("pages").stringValue()).doesNotContain("c", "-");
    }

    @Test
    void sharedMemoryHasNoCopies() {
        Reply reply = client.square("?explain=true&view=summary", list(1020)).requireOk();

        assertThat(evidence(reply, "child").get("pages").stringValue()).matches("F+");
        assertThat(evidence(reply, "parent").get("pages").stringValue()).matches("F+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared-memory", "none", "message-passing"})
    void streamShowsEveryStepOfTheChild(String ipc) {
        List<StreamEvent> events = client.stream("?explain=true&ipc=" + ipc, list(4092));

        assertThat(events.stream().map(StreamEvent::name).filter(name -> !name.equals("progress")))
                .containsExactly("received", "taken", "mapped", "published", "reported", "observed", "result",
                        "unmapped",
                        "deleted", "end");
        List<StreamEvent> progress = StreamEvent.named(events, "progress");
        assertThat(progress).isNotEmpty();
        assertThat(progress).allSatisfy(event -> {
            assertThat(event.by()).isEqualTo("child");
            assertThat(event.get("childWrote").intValue()).isPositive();
            int seen = event.get("parentSees").intValue();
            // By the time the parent looks, the child may be further.
            assertThat(seen).isBetween(ipc.equals("shared-memory") ? event.get("childWrote").intValue() : 0,
                    ipc.equals("shared-memory") ? 4092 : 0);
        });
        JsonNode mapped = StreamEvent.named(events, "mapped").getFirst().get("evidence");
        assertThat(mapped.get("pages").stringValue()).doesNotContain("c");
        JsonNode answer = StreamEvent.named(events, "result").getFirst().get("answer").get("evidence");
        assertThat(StreamEvent.named(events, "reported").getFirst().get("evidence")).isEqualTo(answer.get("child"));
        assertThat(StreamEvent.named(events, "observed").getFirst().get("evidence")).isEqualTo(answer.get("parent"));
        assertThat(StreamEvent.named(events, "published").getFirst().get("evidence").get("maps"))
                .isEqualTo(answer.get("child").get("maps"));
    }

    @Test
    void longestListIsExplainedAndALongerOneIsNot() {
        Reply longest = client.square("?explain=true&ipc=none&view=summary", list(Evidence.MAX_COUNT)).requireOk();
        assertThat(evidence(longest, "child").get("pages").stringValue()).contains("c");

        JsonNode problem = client.squareUnchecked("?explain=true", list(Evidence.MAX_COUNT + 1))
                .requireProblem(413, "list-too-long");
        assertThat(problem.get("maxLength").intValue()).isEqualTo(Evidence.MAX_COUNT);
        assertThat(problem.get("action").stringValue()).contains("explain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "TRUE", "1", ""})
    void explainIsTrueOrFalse(String value) {
        client.squareUnchecked("?explain=" + value, "[1]").requireProblem(400, "invalid-option");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "pace=501&explain=true         | pace",
            "pace=-1&explain=true          | pace",
            "pace=fast&explain=true        | pace",
            "pace=&explain=true            | pace",
            "pace=1&pace=2&explain=true    | pace",
            "pace=1                        | pace",
            "hold=21&explain=true          | hold",
            "hold=1&explain=false          | hold"
    })
    void paceAndHoldAreSmallNumbersOfAnExplainedJob(String query, String parameter) {
        JsonNode problem = client.squareUnchecked("?" + query, "[1]").requireProblem(400, "invalid-option");

        assertThat(problem.get("parameter").stringValue()).isEqualTo(parameter);
    }

    @Test
    void pacedStepsArriveApart() throws IOException {
        // Two pages of numbers, and two of squares.
        int count = Math.min(Evidence.MAX_COUNT, 2 * Evidence.pageSize() / Long.BYTES);
        List<StreamEvent> events = client.stream("?explain=true&pace=200&view=summary", list(count));

        double mapped = StreamEvent.named(events, "mapped").getFirst().millis();
        double published = StreamEvent.named(events, "published").getFirst().millis();
        List<StreamEvent> progress = StreamEvent.named(events, "progress");
        assertThat(published - mapped).isGreaterThanOrEqualTo(200);
        // Two rests are between these: one is for a parent that hears of the first late.
        assertThat(progress.getFirst().millis()).isLessThanOrEqualTo(published - 200);
    }

    @Test
    void childThatIsHeldCanBeLookedAtAndKilled() throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            long start = System.nanoTime();
            socket.askForStream("?ipc=none&explain=true&hold=" + HOLD.toSeconds(), "[1,2,3,4]");
            String stream = socket.readUntil("event: published\n") + socket.readUntil("\n\n");
            String published = stream.substring(stream.indexOf("event: published"));
            Matcher evidence = Pattern.compile("\"pid\":(\\d+),.*\"maps\":\"([^\"]*)\"").matcher(published);
            assertThat(evidence.find()).as(stream).isTrue();
            long pid = Long.parseLong(evidence.group(1));

            assertThat(Files.readAllLines(Path.of("/proc/" + pid + "/maps"))).contains(evidence.group(2));
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            assertThat(socket.readUntil("event: end")).contains("event: problem", "\"status\":502", "SIGKILL");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as("held no longer").isLessThan(HOLD);
        }
    }

    @Test
    void clientThatClosesTheStreamDoesNotHoldTheChildAnyLonger() throws IOException {
        long pid;
        try (RawSocket socket = new RawSocket(port)) {
            String stream = socket.askForStream("?explain=true&hold=20", "[1,2,3,4]").readUntil("event: published\n");
            Matcher child = Pattern.compile("\"by\":\"child\",\"pid\":(\\d+)").matcher(stream);
            assertThat(child.find()).isTrue();
            pid = Long.parseLong(child.group(1));
        }
        Leftovers.eventually().until(() -> ProcessHandle.of(pid).isEmpty());
    }

    private static String list(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    }

    private static JsonNode evidence(Reply reply, String side) {
        return reply.json().get("evidence").get(side);
    }

    private static String[] maps(JsonNode evidence) {
        return evidence.get("maps").stringValue().split(" +");
    }
}
