package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.child.Misbehaviour;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** One of several children does wrong: the client is told which, the others are ended, and nothing is left behind. */
class CooperationEndingsTest extends MisbehaviourTest {
    /** The others wait at the gate where there is one, and are done with their slices where there is none. */
    @ParameterizedTest
    @CsvSource({
            "own,            fresh,  KILLED_HALFWAY, 137, 0",
            "own,            pooled, CRASH_HALFWAY,  42,  4",
            "atomic,         fresh,  KILLED_HALFWAY, 137, 4",
            "locked,         pooled, CRASH_HALFWAY,  42,  0",
            "unsynchronized, fresh,  EXIT_SILENTLY,  0,   4"
    })
    void tellsWhichOneCrashed(String sum, String process, Misbehaviour misbehaviour, int exitCode, int from) {
        JsonNode problem = client.squareUnchecked(
                "?processes=2&sum=" + sum + "&process=" + process, listOfSlices(misbehaviour, from))
                .requireProblem(502, "worker-crashed");

        assertThat(problem.get("exitCode").intValue()).isEqualTo(exitCode);
        assertThat(problem.get("killedByParent").booleanValue()).isFalse();
        assertThat(problem.get("slice").toString()).isEqualTo("{\"from\":" + from + ",\"count\":4}");
        assertThat(problem.get("written").intValue()).isGreaterThanOrEqualTo(2);
        assertGone(problem);
        Leftovers.awaitNone(properties.sharedDirectory());
    }

    /** Four numbers a slice; the misbehaviour is asked for by the one at {@code from}. */
    private static String listOfSlices(Misbehaviour misbehaviour, int from) {
        String bad = misbehaviour.list();
        String good = "[5,6,7,8]";
        return (from == 0 ? bad + good : good + bad).replace("][", ",");
    }

    /** Two requests at once: there are as many processes as they want together. */
    @Test
    void killsAllOfThemWhenOneIsNotDoneInTime() {
        List<CompletableFuture<Reply>> replies = Stream.of("own", "locked")
                .map(sum -> CompletableFuture.supplyAsync(
                        () -> client.squareUnchecked("?processes=2&sum=" + sum, listOfSlices(Misbehaviour.HANG, 0)),
                        Thread::startVirtualThread))
                .toList();
        for (CompletableFuture<Reply> reply : replies) {
            JsonNode problem = reply.join().requireProblem(504, "worker-timed-out");
            assertThat(problem.get("killedByParent").booleanValue()).isTrue();
            assertThat(problem.get("ranForMillis").longValue()).isBetween(2000L, 20_000L);
            assertThat(problem.get("slice").get("count").intValue()).isEqualTo(4);
        }
        Leftovers.awaitNone(properties.sharedDirectory());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GARBAGE", "WRONG_COUNT", "TWO_LINES"})
    void refusesAReportThatIsNone(Misbehaviour misbehaviour) {
        JsonNode problem = client.squareUnchecked("?processes=2&process=pooled", listOfSlices(misbehaviour, 4))
                .requireProblem(502, "worker-crashed");
        assertThat(problem.get("killedByParent").booleanValue()).isTrue();
        assertThat(problem.get("slice").get("from").intValue()).isEqualTo(4);
    }

    @Test
    void seesThatASliceWasNotPublished() {
        Reply reply = client.squareUnchecked(
                "?processes=2", listOfSlices(Misbehaviour.REPORT_WITHOUT_PUBLISHING, 4)).requireOk();
        assertThat(reply.json().get("match").booleanValue()).isFalse();
        assertThat(reply.json().get("childrenReported")).hasSize(2);
    }

    @Test
    void aStreamTellsOfIt() {
        List<StreamEvent> events = client.stream("?processes=2", listOfSlices(Misbehaviour.CRASH_HALFWAY, 4));
        JsonNode problem = StreamEvent.one(events, "problem").get("problem");
        assertThat(problem.get("status").intValue()).isEqualTo(502);
        assertThat(problem.get("slice").get("from").intValue()).isEqualTo(4);
        assertThat(StreamEvent.named(events, "taken")).hasSize(2);
        assertThat(events.getLast().get("outcome").stringValue()).isEqualTo("problem");
    }

    @Test
    void aClientThatGoesTakesAllOfThemWithIt() throws IOException {
        String list = listOfSlices(Misbehaviour.HANG_AND_IGNORE_TERM, 0);
        try (RawSocket socket = new RawSocket(port)) {
            socket.send(
                    "POST /square?processes=2&sum=atomic HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: " + list.length() + "\r\n\r\n" + list);
            Leftovers.eventually().until(() -> pool.status().busy() == 2);
            socket.reset();
            Leftovers.eventually().until(() -> pool.status().busy() == 0);
        }
        Leftovers.awaitNone(properties.sharedDirectory());
    }
}
