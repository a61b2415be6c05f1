package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that asks for the events is told every step. */
class EventStreamTest extends HttpTest {
    @ParameterizedTest
    @CsvSource({
            "shared-memory,   fresh,  mapping, 4, 30",
            "shared-memory,   pooled, mapping, 4, 30",
            "none,            fresh,  mapping, 0, 0",
            "message-passing, pooled, message, 4, 30"
    })
    void tellsEveryStepInOrder(String ipc, String process, String where, int count, int sum) throws IOException {
        List<StreamEvent> events = steps("?ipc=" + ipc + "&process=" + process, "[1, 2, 3, 4]");

        assertThat(events).extracting(StreamEvent::name)
                .containsExactly("received", "taken", "reported", "observed", "result", "unmapped", "deleted", "end");
        assertThat(events).extracting(StreamEvent::by)
                .containsExactly("parent", "parent", "child", "parent", "parent", "parent", "parent", "parent");
        StreamEvent received = events.get(0);
        long self = ProcessHandle.current().pid();
        assertThat(received.get("pid").longValue()).isEqualTo(self);
        assertThat(received.get("count").intValue()).isEqualTo(4);
        assertThat(received.get("file").get("bytes").intValue()).isEqualTo(64 + 4 * 16);
        StreamEvent taken = events.get(1);
        long child = taken.get("pid").longValue();
        assertThat(child).isNotEqualTo(self);
        assertThat(taken.get("ppid").longValue()).isEqualTo(self);
        assertThat(taken.get("process").stringValue()).isEqualTo(process);
        assertThat(taken.get("forkedMillisAgo").longValue()).isNotNegative();
        assertThat(taken.get("pidNamespace").stringValue())
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString());
        StreamEvent reported = events.get(2);
        assertThat(reported.get("pid").longValue()).isEqualTo(child);
        assertThat(reported.get("count").intValue()).isEqualTo(4);
        assertThat(reported.get("sum").intValue()).isEqualTo(30);
        StreamEvent observed = events.get(3);
        assertThat(observed.get("where").stringValue()).isEqualTo(where);
        assertThat(observed.get("count").intValue()).isEqualTo(count);
        assertThat(observed.get("sum").intValue()).isEqualTo(sum);
        assertThat(events.getLast().get("outcome").stringValue()).isEqualTo("result");
    }

    @Test
    void namesTheFileAsTheKernelDoes() throws IOException {
        StreamEvent received = client.stream("", "[1]").getFirst();

        // The file is gone, and another in the same directory has the same device.
        Path another = Files.createTempFile(properties.sharedDirectory(), "device", "");
        try {
            long device = (long) Files.getAttribute(another, "unix:dev");
            assertThat(received.get("file").get("device").stringValue()).isEqualTo(
                    String.format("%02x:%02x", device >>> 8 & 0xFFF, device >>> 12 & 0xFFF00 | device & 0xFF));
        } finally {
            Files.delete(another);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "shared-memory,   full",
            "shared-memory,   summary",
            "message-passing, full",
            "none,            full"
    })
    void resultIsThePlainAnswerToTheLetter(String ipc, String view) {
        String query = "?process=pooled&ipc=" + ipc + "&view=" + view;
        String list = "[3037000499, -3037000499, 3037000499, 0]";
        String plain = client.square(query, list).requireOk().text().stripTrailing();

        StreamEvent result = StreamEvent.one(client.stream(query, list), "result");

        assertThat(result.text()).endsWith(",\"answer\":" + plain + "}");
    }

    @Test
    void sumsAreExact() {
        List<StreamEvent> events = client.stream("", "[3037000499, -3037000499, 3037000499]");

        BigInteger sum = new BigInteger("27670116092778747003");
        assertThat(StreamEvent.one(events, "reported").get("sum").bigIntegerValue()).isEqualTo(sum);
        assertThat(StreamEvent.one(events, "observed").get("sum").bigIntegerValue()).isEqualTo(sum);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "?ipc=telepathy | [1]          | 400 | invalid-option",
            "''             | [1           | 400 | malformed-json",
            "''             | [1.5]        | 422 | not-an-integer-list",
            "''             | [3037000500] | 422 | square-out-of-range"
    })
    void whatIsWrongWithTheRequestHasAStatusOfItsOwn(String query, String list, int status, String slug) {
        client.answerOf(client.post(query, list).header("Accept", "text/event-stream")).requireProblem(status, slug);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "text/event-stream                             | text/event-stream",
            "text/event-stream;charset=utf-8               | text/event-stream",
            "text/event-stream, */*                        | text/event-stream",
            "application/json;q=0.5, text/event-stream     | text/event-stream",
            "text/event-stream;q=0.5, application/json     | application/json",
            "application/json, text/event-stream           | application/json",
            "*/*                                           | application/json",
            "application/*                                 | application/json",
            "text/*;q=0.5, */*;q=0.1                       | application/json"
    })
    void whoTakesAnythingGetsJson(String accept, String contentType) {
        Reply reply = client.answerOf(client.post("?process=pooled", "[1]").header("Accept", accept));

        assertThat(reply.header("Content-Type")).isEqualTo(contentType);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/*", "text/event-stream;q=0, text/html"})
    void whoDoesNotNameAStreamGetsNone(String accept) {
        client.answerOf(client.post("", "[1]").header("Accept", accept)).requireProblem(406, "not-acceptable");
    }

    @Test
    void servesTheNextRequestOnTheSameConnection() throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            for (int i = 0; i < 2; i++) {
                Reply reply = socket.askForStream("", "[1, 2]").readReply();
                assertThat(StreamEvent.all(reply.text()).getLast().name()).isEqualTo("end");
            }
        }
    }

    /**
     * Progress is there or not, as time will have it. Where this process stands still for so long that a lease ends, another worker
     * is taken.
     */
    private List<StreamEvent> steps(String query, String list) {
        List<StreamEvent> steps = new ArrayList<>();
        for (StreamEvent event : client.stream(query, list)) {
            if (!steps.isEmpty() && event.name().equals("taken") && steps.getLast().name().equals("taken")) {
                steps.removeLast();
            }
            if (!event.name().equals("progress")) {
                steps.add(event);
            }
        }
        return steps;
    }
}
