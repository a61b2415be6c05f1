package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.Evidence;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a request asks to fail really fails, its client is told how, and the next request is as good as ever. */
class FaultTest extends HttpTest {
    @ParameterizedTest
    @CsvSource({
            "shared-memory,   fresh,  2",
            "message-passing, pooled, 0",
            "none,            fresh,  0"
    })
    void childThatIsKilledHalfwayHasWrittenHalf(String ipc, String process, int written) {
        List<StreamEvent> events = client.stream(
                "?explain=true&fault=kill&ipc=" + ipc + "&process=" + process, "[1, 2, 3, 4]");

        assertThat(events.stream().map(StreamEvent::name))
                .containsExactly("received", "taken", "mapped", "progress", "problem", "unmapped", "deleted", "end");
        assertThat(StreamEvent.one(events, "progress").get("childWrote").intValue()).isEqualTo(2);
        assertThat(StreamEvent.one(events, "progress").get("parentSees").intValue()).isEqualTo(written);
        JsonNode problem = StreamEvent.one(events, "problem").get("problem");
        assertThat(problem.get("status").intValue()).isEqualTo(502);
        assertThat(problem.get("pid")).isEqualTo(StreamEvent.one(events, "taken").get("pid"));
        assertThat(problem.get("signal").stringValue()).isEqualTo("SIGKILL, sent by the parent");
        assertThat(problem.get("killedByParent").booleanValue()).isTrue();
        assertThat(problem.get("written").intValue()).isEqualTo(written);
        requireNextIsAnswered();
    }

    @Test
    void childThatHangsMissesItsDeadline() {
        List<StreamEvent> events = client.stream("?explain=true&fault=hang", "[1, 2, 3, 4]");

        JsonNode problem = StreamEvent.one(events, "problem").get("problem");
        assertThat(problem.get("status").intValue()).isEqualTo(504);
        assertThat(problem.get("written").intValue()).isEqualTo(2);
        double hung = StreamEvent.one(events, "problem").millis() - StreamEvent.one(events, "progress").millis();
        assertThat(hung).isGreaterThan(1000);
        requireNextIsAnswered();
    }

    @Test
    void shortDeadlineBeginsHalfwayHoweverLongTheChildTakesUntilThen() throws IOException {
        // Seven pages, at half a second each.
        int count = Math.min(65_532, 14 * Evidence.pageSize() / Long.BYTES);
        List<StreamEvent> events = client.stream("?explain=true&fault=kill&pace=500&view=summary",
                "[" + "1,".repeat(count - 1) + "1]");

        JsonNode problem = StreamEvent.one(events, "problem").get("problem");
        assertThat(problem.get("status").intValue()).isEqualTo(502);
        assertThat(problem.get("written").intValue()).isEqualTo(count / 2);
        requireNextIsAnswered();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 20_000})
    void roomThatIsAPageTooSmallIsRefusedWithWhatIsNeeded(int count) throws IOException {
        String list = "[" + "1,".repeat(count - 1) + "1]";
        Reply reply = client.answerOf(
                client.post("?explain=true&fault=full", list).header("Accept", "text/event-stream"));

        JsonNode problem = reply.requireProblem(507, "shared-memory-full");
        long needed = problem.get("needed").longValue();
        assertThat(needed).isGreaterThanOrEqualTo(64 + 16L * count);
        assertThat(problem.get("available").longValue()).isEqualTo(Math.max(0, needed - Evidence.pageSize()));
        requireNextIsAnswered();
    }

    @Test
    void plainAnswerToAFaultIsTheProblem() {
        client.squareUnchecked("?explain=true&fault=kill", "[1, 2, 3, 4]").requireProblem(502, "worker-crashed");
        client.squareUnchecked("?explain=true&fault=kill", "[]").requireProblem(502, "worker-crashed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "fault=kill",
            "fault=kill&explain=false",
            "fault=KILL&explain=true",
            "fault=&explain=true",
            "fault=kill&fault=kill&explain=true"
    })
    void faultIsOneOfAnExplainedJob(String query) {
        JsonNode problem = client.squareUnchecked("?" + query, "[1]").requireProblem(400, "invalid-option");

        assertThat(problem.get("parameter").stringValue()).isEqualTo("fault");
    }

    private void requireNextIsAnswered() {
        client.square("?fault=none&process=pooled", "[1, 2, 3, 4]").requireOk();
    }
}
