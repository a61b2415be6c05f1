package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentsTest extends HttpTest {
    static final List<String> IPCS = List.of("shared-memory", "message-passing", "none");

    private static final long MAX = 3_037_000_499L;
    private static final BigInteger MAX_SQUARE = BigInteger.valueOf(MAX * MAX);

    static Stream<Arguments> combinations() {
        return IPCS.stream()
                .flatMap(ipc -> Stream.of("fresh", "pooled")
                        .flatMap(process -> Stream.of("full", "summary")
                                .map(view -> Arguments.of(ipc, process, view))));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void answersToTheLetter(String ipc, String process, String view) {
        if (process.equals("fresh")) {
            // Who stands ready now may have worked already; behind this one somebody does that has not.
            client.square("?process=fresh", "[1]").requireOk();
        }
        Set<Long> standingReady = awaitIdleWorkers();

        Reply reply = client.square("?ipc=" + ipc + "&process=" + process + "&view=" + view, "[1, 2, 3, 4]")
                .requireOk();

        long childPid = reply.child().pid();
        assertThat(childPid).isIn(standingReady).isNotEqualTo(ProcessHandle.current().pid());
        boolean full = view.equals("full");
        String seen = "\"count\":4,\"sum\":30" + (full ? ",\"squares\":[1,4,9,16]" : "");
        String notSeen = "\"count\":0,\"sum\":0" + (full ? ",\"squares\":[]" : "");
        boolean none = ipc.equals("none");
        assertThat(reply.text().strip()).isEqualTo("{\"ipc\":\"" + ipc + "\",\"process\":\"" + process + "\",\"match\":"
                + !none + ",\"childReported\":{\"pid\":" + childPid + "," + seen + "},\"parentObserved\":{\"pid\":"
                + ProcessHandle.current().pid() + "," + (none ? notSeen : seen) + "}}");
    }

    @Test
    void takesTheLecturesProgramTwoForTheDefault() {
        Reply reply = client.square("", "[1, 2, 3, 4]").requireOk();

        assertThat(reply.text()).startsWith("{\"ipc\":\"shared-memory\",\"process\":\"fresh\",\"match\":true,");
        assertThat(reply.parent().squares()).containsExactly(1, 4, 9, 16);
    }

    @Test
    void freshGivesANewProcessEveryTime() {
        Set<Long> pids = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            assertThat(pids.add(client.square("?process=fresh", "[1]").requireOk().child().pid())).isTrue();
        }
    }

    @Test
    void freshNeverGivesAProcessThatHasWorked() {
        long pooled = client.square("?process=pooled", "[1]").requireOk().child().pid();

        for (int i = 0; i < 3; i++) {
            assertThat(client.square("?process=fresh", "[1]").requireOk().child().pid()).isNotEqualTo(pooled);
        }
    }

    @Test
    void freshProcessIsGoneAfterwards() {
        long pid = client.square("?process=fresh", "[1]").requireOk().child().pid();

        Leftovers.eventually().until(() -> ProcessHandle.of(pid).isEmpty());
    }

    @Test
    void pooledReusesOneProcess() {
        long first = client.square("?process=pooled", "[1]").requireOk().child().pid();

        for (int i = 0; i < 5; i++) {
            Reply reply = client.square("?process=pooled&ipc=" + IPCS.get(i % 3), "[" + i + "]").requireOk();
            assertThat(reply.child().pid()).isEqualTo(first);
            assertThat(reply.child().squares()).containsExactly(i * i);
        }
        assertThat(ProcessHandle.of(first).orElseThrow().parent()).contains(ProcessHandle.current());
    }

    @ParameterizedTest
    @FieldSource("IPCS")
    void takesAnEmptyList(String ipc) {
        Reply reply = client.square("?ipc=" + ipc, " [ ] ").requireOk();

        assertThat(reply.json().get("match").booleanValue()).isTrue();
        for (Reply.Side side : List.of(reply.child(), reply.parent())) {
            assertThat(side.count()).isZero();
            assertThat(side.sum()).isZero();
            assertThat(side.squares()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "[-1, -2, 3]                   | 1 4 9",
            "[0, -0]                       | 0 0",
            "[3037000499, -3037000499]     | 9223372030926249001 9223372030926249001",
            "[1.0]                         | 1",
            "[1e2, 1E2, 1e+2]              | 10000 10000 10000",
            "[-0.0, 0e999999999999, 0.0e0] | 0 0 0",
            "[100e-2, 12.50e1, -20.00e-1]  | 1 15625 4",
            "[3037000499.000, 0.3037e4]    | 9223372030926249001 9223369"
    })
    void squaresWhateverJsonSchemaCallsAnInteger(String list, String squares) {
        long[] expected = Arrays.stream(squares.split(" ")).mapToLong(Long::parseLong).toArray();

        Reply reply = client.squareUnchecked("?process=pooled", list).requireOk();

        assertThat(reply.child().squares()).containsExactly(expected);
        assertThat(reply.parent().squares()).containsExactly(expected);
    }

    @Test
    void takesAllOfJsonsWhiteSpace() {
        Reply reply = client.square("?process=pooled", "\r\n[\t1\r\n,\n 2 ]\n").requireOk();

        assertThat(reply.parent().squares()).containsExactly(1, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 1000})
    void sumsPast64BitsExactly(int count) {
        String list = "[" + String.join(",", Collections.nCopies(count, "-" + MAX)) + "]";
        BigInteger expected = MAX_SQUARE.multiply(BigInteger.valueOf(count));

        for (String ipc : List.of("shared-memory", "message-passing")) {
            Reply reply = client.square("?view=summary&process=pooled&ipc=" + ipc, list).requireOk();

            assertThat(reply.text()).contains("\"sum\":" + expected + "}");
            assertThat(reply.child().sum()).isEqualTo(expected);
            assertThat(reply.parent().sum()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @FieldSource("IPCS")
    void squaresALongListRightToTheLastElement(String ipc) {
        long[] inputs = new Random(42).longs(200_000, -MAX, MAX + 1).toArray();
        long[] expected = Arrays.stream(inputs).map(input -> input * input).toArray();
        BigInteger sum = Arrays.stream(expected).mapToObj(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);

        Reply reply = client.reply(client.post("?process=pooled&ipc=" + ipc, Arrays.toString(inputs)))
                .requireOk();

        boolean none = ipc.equals("none");
        assertThat(reply.json().get("match").booleanValue()).isEqualTo(!none);
        assertThat(reply.child().squares()).isEqualTo(expected);
        assertThat(reply.child().sum()).isEqualTo(sum);
        assertThat(reply.parent().squares()).isEqualTo(none ? new long[0] : expected);
        assertThat(reply.parent().sum()).isEqualTo(none ? BigInteger.ZERO : sum);
    }

    @Test
    void takesABodyInChunks() {
        byte[] list = "[1,2,3]".getBytes(StandardCharsets.UTF_8);

        Reply reply = client.answerOf(client.request("/square?process=pooled")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(list))))
                .requireOk();

        assertThat(reply.parent().squares()).containsExactly(1, 4, 9);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "application/json",
            "application/json;charset=utf-8",
            "application/json; charset=UTF-8",
            "APPLICATION/JSON"
    })
    void takesJsonHoweverItIsDeclared(String contentType) {
        Reply reply = client.answerOf(client.request("/square?process=pooled")
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString("[7]")))
                .requireOk();

        assertThat(reply.parent().squares()).containsExactly(49);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/json", "application/*", "text/html, application/json;q=0.1"})
    void answersEverybodyWhoTakesJson(String accept) {
        client.answerOf(client.post("?process=pooled", "[1]").header("Accept", accept)).requireOk();
    }

    @Test
    void saysWhereTheTimeWent() {
        Reply reply = client.square("", "[1]").requireOk();

        assertThat(reply.header("Server-Timing"))
                .matches("receive;dur=[0-9.]+, wait;dur=[0-9.]+, work;dur=[0-9.]+");
    }

    @Test
    void sendsASmallAnswerInOnePieceWithItsLength() {
        Reply reply = client.square("?process=pooled", "[1, 2, 3, 4]").requireOk();

        assertThat(reply.header("Content-Length")).isEqualTo(String.valueOf(reply.bytes().length));
    }

    @Test
    void keepsRequestsApartThatComeAtOnce() {
        List<Integer> inputs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            inputs.add(i);
        }
        inputs.parallelStream().forEach(input -> {
            String query = "?process=" + (input % 5 == 0 ? "fresh" : "pooled") + "&ipc=" + IPCS.get(input % 2);
            Reply reply = client.square(query, "[" + input + "]").requireOk();
            assertThat(reply.parent().squares()).containsExactly(input * input);
        });
    }

    /** Their pids. */
    private Set<Long> awaitIdleWorkers() {
        Leftovers.eventually()
                .until(() -> pool.status().idle() == properties.worker().standby() && pool.status().busy() == 0);
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }
}
