package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Every row of the table of errors that a client can reach with workers that behave. */
@TestPropertySource(properties = "squares.max-length=" + ErrorsTest.MAX_LENGTH)
class ErrorsTest extends HttpTest {
    static final int MAX_LENGTH = 1000;

    private static final String JSON_HEADERS = "Host: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n";

    static Stream<Arguments> bodiesThatAreNotOneJsonValue() {
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("white space", " \n"),
                Arguments.of("a truncated list", "[1,2"),
                Arguments.of("a list truncated after its comma", "[1,2,"),
                Arguments.of("a truncated number", "[1,-"),
                Arguments.of("a truncated string", "[\"1"),
                Arguments.of("a truncated word", "[tru"),
                Arguments.of("something behind the list", "[1,2]x"),
                Arguments.of("two lists", "[1,2][3]"),
                Arguments.of("a list and a number", "[1,2] 3"),
                Arguments.of("a closing bracket too many", "[1,2]]"),
                Arguments.of("5000 opening brackets", "[".repeat(5000)),
                Arguments.of("5000 nested lists", "[".repeat(5000) + "]".repeat(5000)),
                Arguments.of("5000 nested objects", "[" + "{\"a\":".repeat(5000) + "1" + "}".repeat(5000) + "]"),
                Arguments.of("a trailing comma", "[1,2,]"),
                Arguments.of("a leading comma", "[,1]"),
                Arguments.of("no comma", "[1 2]"),
                Arguments.of("not a number", "[NaN]"),
                Arguments.of("infinity", "[-Infinity]"),
                Arguments.of("a leading zero", "[01]"),
                Arguments.of("a leading plus", "[+1]"),
                Arguments.of("a hexadecimal number", "[0x10]"),
                Arguments.of("a number with underscores", "[1_000]"),
                Arguments.of("a number that begins with its point", "[.5]"),
                Arguments.of("a number that ends with its point", "[5.]"),
                Arguments.of("a comment", "[1] // one"),
                Arguments.of("single quotes", "['1']"),
                Arguments.of("a word", "hello"),
                Arguments.of("a form", "list=1,2"),
                Arguments.of("XML", "<list/>"),
                Arguments.of("a NUL", "\0"),
                Arguments.of("a refused element and then no end", "[1.5,\"x\""),
                Arguments.of("a refused element and then a trailing x", "[1.5]x"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodiesThatAreNotOneJsonValue")
    void callsItMalformedWhatIsNotOneJsonValue(String name, String body) {
        client.squareUnchecked("", body).requireProblem(400, "malformed-json");
    }

    @ParameterizedTest
    @CsvSource({
            "'?ipc=telepathy',              ipc,      telepathy",
            "'?ipc=SHARED-MEMORY',          ipc,      SHARED-MEMORY",
            "'?ipc=shared_memory',          ipc,      shared_memory",
            "'?ipc=',                       ipc,      ''",
            "'?ipc',                        ipc,      ''",
            "'?ipc=none%20',                ipc,      'none '",
            "'?process=old',                process,  old",
            "'?process=fresh,pooled',       process,  'fresh,pooled'",
            "'?view=all',                   view,     all",
            "'?view=full&ipc=%C3%A4',       ipc,      ä",
            "'?view=%3Cscript%3E',          view,     '<script>'"
    })
    void namesTheOptionTheValueAndWhatIsAllowed(String query, String parameter, String value) {
        JsonNode problem = client.squareUnchecked(query, "[1]").requireProblem(400, "invalid-option");

        assertThat(problem.get("parameter").stringValue()).isEqualTo(parameter);
        assertThat(problem.get("value").stringValue()).isEqualTo(value);
        assertThat(problem.get("allowed").valueStream().map(JsonNode::stringValue)).isEqualTo(switch (parameter) {
            case "ipc" -> List.of("shared-memory", "message-passing", "none");
            case "process" -> List.of("fresh", "pooled");
            default -> List.of("full", "summary");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "?ips=none",
            "?IPC=none",
            "?ipc=none&debug=true",
            "?ipc=none&ipc=none",
            "?ipc=none&ipc=shared-memory",
            "?view=full&view=summary&view=full",
            "?=none"
    })
    void refusesOptionsThatAreUnknownOrGivenTwice(String query) {
        client.squareUnchecked(query, "[1]").requireProblem(400, "invalid-option");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?ipc=%zz", "?ipc=%", "?ipc=%4", "?%zz=none", "?ipc=none%"})
    void refusesEscapesThatAreNone(String query) throws IOException {
        sayAndRead("POST /square" + query + " HTTP/1.1\r\n" + JSON_HEADERS + "Content-Length: 3\r\n\r\n[1]")
                .requireProblem(400, "invalid-option");
    }

    @Test
    void refusesAListWithOneElementTooMany() {
        client.squareUnchecked("", ones(MAX_LENGTH)).requireOk();

        JsonNode problem = client.squareUnchecked("", ones(MAX_LENGTH + 1)).requireProblem(413, "list-too-long");

        assertThat(problem.get("maxLength").intValue()).isEqualTo(MAX_LENGTH);
        assertThat(problem.get("detail").stringValue()).contains(String.valueOf(MAX_LENGTH));
    }

    @Test
    void refusesALongListBeforeItHasEnded() {
        // Twice too long, and then it is not even JSON: nobody gets that far.
        client.squareUnchecked("", ones(2 * MAX_LENGTH) + "x").requireProblem(413, "list-too-long");
    }

    @Test
    void refusesABodyThatAnnouncesTooManyBytesWithoutReadingIt() throws IOException {
        sayAndRead("POST /square HTTP/1.1\r\n" + JSON_HEADERS + "Content-Length: 100000000000\r\n\r\n[1,")
                .requireProblem(413, "list-too-long");
    }

    @Test
    void refusesTooManyBytesThatAreAnnounced() throws IOException {
        String list = "[1" + " ".repeat(120_000) + "]";

        sayAndRead("POST /square HTTP/1.1\r\n" + JSON_HEADERS + "Content-Length: " + list.length() + "\r\n\r\n" + list)
                .requireProblem(413, "list-too-long");
    }

    @Test
    void refusesTooManyBytesInChunks() throws IOException {
        String list = "[1" + " ".repeat(120_000) + "]";
        String chunk = Integer.toHexString(list.length()) + "\r\n" + list + "\r\n0\r\n\r\n";

        sayAndRead("POST /square HTTP/1.1\r\n" + JSON_HEADERS + "Transfer-Encoding: chunked\r\n\r\n" + chunk)
                .requireProblem(413, "list-too-long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data;boundary=x",
            "application/xml", "application/problem+json", "json", "*/*"})
    void refusesABodyThatIsNotDeclaredAsJson(String contentType) {
        HttpRequest.Builder request = client.request("/square").POST(BodyPublishers.ofString("[1]"));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        client.answerOf(request).requireProblem(415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "gzip, identity"})
    void refusesABodyThatIsPacked(String encoding) {
        client.answerOf(client.post("", "[1]").header("Content-Encoding", encoding))
                .requireProblem(415, "unsupported-media-type");
    }

    @Test
    void looksAtEveryContentEncoding() {
        client.answerOf(
                client.post("", "[1]").header("Content-Encoding", "identity").header("Content-Encoding", "gzip"))
                .requireProblem(415, "unsupported-media-type");
        client.answerOf(client.post("", "[1]").header("Content-Encoding", "identity, br"))
                .requireProblem(415, "unsupported-media-type");
        client.answerOf(
                client.post("", "[1]")
                        .header("Content-Encoding", "Identity")
                        .header("Content-Encoding", "identity,identity"))
                .requireOk();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void callsABodyMalformedThatIsNotUtf8(String charset) {
        client.answerOf(client.post("", "[1, 2]".getBytes(Charset.forName(charset))))
                .requireProblem(400, "malformed-json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml", "image/*", "text/*;q=0.5, image/png"})
    void refusesClientsThatDoNotTakeJson(String accept) {
        client.answerOf(client.post("", "[1]").header("Accept", accept)).requireProblem(406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void allowsPostAlone(String method) {
        Reply reply = client.reply(client.request("/square").method(method, BodyPublishers.noBody()));

        reply.requireProblem(405, "method-not-allowed");
        assertThat(reply.header("Allow")).isEqualTo("POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/squares", "/square/", "/square/1", "/Square", "/actuator/env", "/favicon.ico", "/index.htm"})
    void knowsNoOtherPath(String path) {
        JsonNode problem = client.reply(client.request(path)).requireProblem(404, "not-found");

        assertThat(problem.get("instance").stringValue()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[1,2,\"3\"]           | 2 | \"3\"",
            "[\"\"]                | 0 | \"\"",
            "[1.5]                 | 0 | 1.5",
            "[0,-0.1]              | 1 | -0.1",
            "[1e-1]                | 0 | 0.1",
            "[null]                | 0 | null",
            "[1,true]              | 1 | true",
            "[false,1]             | 0 | false",
            "[{}]                  | 0 | \"{...}\"",
            "[1,{\"a\":[1]},2]     | 1 | \"{...}\"",
            "[[]]                  | 0 | \"[...]\"",
            "[1,2,[3,[4]],5]       | 2 | \"[...]\"",
            "[1,\"a\",null,1e99]   | 1 | \"a\"",
            "[3037000500.5]        | 0 | 3.0370005005E9"
    })
    void namesTheElementThatIsNoInteger(String list, long index, String value) {
        JsonNode problem = client.squareUnchecked("", list).requireProblem(422, "not-an-integer-list");

        assertThat(problem.get("index").longValue()).isEqualTo(index);
        assertThat(problem.get("value")).hasToString(value);
        assertThat(problem.get("detail").stringValue()).contains("lement " + index);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"list\":[1,2]}", "1", "1.5", "\"[1]\"", "null", "true", " false "})
    void saysThatTheBodyIsNoList(String body) {
        JsonNode problem = client.squareUnchecked("", body).requireProblem(422, "not-an-integer-list");

        assertThat(problem.has("index")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "[3037000500]                           | 0 | 3037000500",
            "[1,-3037000500]                        | 1 | -3037000500",
            "[3037000500.0]                         | 0 | 3037000500",
            "[9223372036854775807]                  | 0 | 9223372036854775807",
            "[9223372036854775808]                  | 0 | 9223372036854775808",
            "[-9223372036854775809]                 | 0 | -9223372036854775809",
            "[0,0,123456789012345678901234567890]   | 2 | 123456789012345678901234567890",
            "[4294967296]                           | 0 | 4294967296",
            "[1e400]                                | 0 | 1E+400",
            "[-1e400]                               | 0 | -1E+400",
            "[1e99999999999]                        | 0 | 1e99999999999",
            "[1,3037000500,1.5]                     | 1 | 3037000500"
    })
    void namesTheElementWhoseSquareDoesNotFit(String list, long index, String value) {
        Reply reply = client.squareUnchecked("", list);
        JsonNode problem = reply.requireProblem(422, "square-out-of-range");

        assertThat(problem.get("index").longValue()).isEqualTo(index);
        // As a number; as a text where it is one that no library takes.
        assertThat(reply.text()).containsPattern("\"value\":\"?\\Q" + value + "\\E(\\.0)?\"?[,}]");
        assertThat(problem.get("detail").stringValue()).contains("lement " + index);
    }

    @Test
    void namesAnElementThatIsTooLongToBeShown() {
        String number = "9".repeat(2000);
        String string = "\"" + number + "\"";
        String fraction = "0." + number;

        assertThat(client.squareUnchecked("", "[1," + number + "]")
                .requireProblem(422, "square-out-of-range")
                .get("index")
                .longValue()).isEqualTo(1);
        assertThat(client.squareUnchecked("", "[1,2," + string + "]")
                .requireProblem(422, "not-an-integer-list")
                .get("index")
                .longValue()).isEqualTo(2);
        assertThat(client.squareUnchecked("", "[" + fraction + "]").requireAnyProblem().get("index").longValue())
                .isZero();
        assertThat(client.squareUnchecked("", "[" + fraction + "]").status()).isEqualTo(422);
    }

    @Test
    void callsABodyThatIsShorterThanItsLengthMalformed() throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            socket.send("POST /square HTTP/1.1\r\n" + JSON_HEADERS + "Content-Length: 100\r\n\r\n[1,2,3");
            socket.endOutput().readReply().requireProblem(400, "malformed-json");
        }
    }

    @Test
    void callsAChunkedBodyThatBreaksOffMalformed() throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            socket.send(
                    "POST /square HTTP/1.1\r\n" + JSON_HEADERS + "Transfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n");
            socket.endOutput().readReply().requireProblem(400, "malformed-json");
        }
    }

    @Test
    void callsABodyMalformedWhoseChunksAreNone() throws IOException {
        sayAndRead("POST /square HTTP/1.1\r\n" + JSON_HEADERS + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n[1]\r\n")
                .requireProblem(400, "malformed-json");
    }

    static Stream<Arguments> thingsThatAreNotHttp() {
        String end = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        return Stream.of(
                Arguments.of("a line that is no request", "hello\r\n\r\n"),
                Arguments.of("illegal characters in the path", "GET /squ{are}<script>" + end),
                Arguments.of("illegal characters in the query", "GET /square?ipc=\"{}\"" + end),
                Arguments.of("bytes above 127 in the path", "GET /\u00ff\u00fe" + end),
                Arguments.of("an escaped slash", "GET /square%2f..%2f" + end),
                Arguments.of("an escape that is none in the path", "GET /square%zz" + end),
                Arguments.of("a NUL in the path", "GET /square%00" + end),
                Arguments.of("a path that climbs", "GET /../../etc/passwd" + end),
                Arguments.of("a path that climbs in escapes", "GET /%2e%2e/%2e%2e/etc/passwd" + end),
                Arguments.of("a semicolon", "GET /square;a=b" + end),
                Arguments.of("a header that is too large",
                        "GET /square HTTP/1.1\r\nHost: localhost\r\nA: " + "x".repeat(100_000) + "\r\n\r\n"),
                Arguments.of("a path that is too long", "GET /" + "x".repeat(100_000) + end),
                Arguments.of("no Host", "GET /square HTTP/1.1\r\nConnection: close\r\n\r\n"),
                Arguments.of("a bad Host", "GET /square HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n"),
                Arguments.of("a header without a colon", "GET /square HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"),
                Arguments.of("an unknown method", "SQUARE /square" + end),
                Arguments.of("a method of illegal characters", "G<T /square" + end),
                Arguments.of("an unknown version", "GET /square HTTP/9.9\r\nHost: a\r\n\r\n"),
                Arguments.of("a length that is none",
                        "POST /square HTTP/1.1\r\n" + JSON_HEADERS + "Content-Length: many\r\n\r\n[1]"),
                Arguments.of("two lengths", "POST /square HTTP/1.1\r\n" + JSON_HEADERS
                        + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n[1] "),
                Arguments.of("a negative length",
                        "POST /square HTTP/1.1\r\n" + JSON_HEADERS + "Content-Length: -3\r\n\r\n[1]"),
                Arguments.of("an unknown transfer encoding",
                        "POST /square HTTP/1.1\r\n" + JSON_HEADERS + "Transfer-Encoding: magic\r\n\r\n[1]"),
                Arguments.of("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"),
                Arguments.of("HTTP/2 by prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("thingsThatAreNotHttp")
    void answersWhatIsNotHttpWithAProblemOrNotAtAll(String name, String said) throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            Reply reply = socket.send(said).endOutput().readReply();
            if (reply.status() != 0) {
                assertThat(reply.status()).isBetween(400, 599).isNotEqualTo(500);
            }
            if (reply.bytes().length > 0) {
                reply.requireAnyProblemOfWhatIsNoRequest();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/json", "application/problem+json", "application/*", "text/html",
            "application/problem+xml", "application/xml", "text/plain;q=0.5, application/json;q=0.1"})
    void answersEveryErrorWithAProblemWhateverTheClientTakes(String accept) {
        client.reply(client.request("/nowhere").header("Accept", accept)).requireProblem(404, "not-found");
        client.reply(client.request("/square").header("Accept", accept)).requireProblem(405, "method-not-allowed");
        client.answerOf(client.post("?ipc=x", "[1]").header("Accept", accept)).requireAnyProblem();
        client.answerOf(client.post("", "[").header("Accept", accept)).requireAnyProblem();
    }

    @Test
    void answersAHeadAndAnOptionsRequestProperly() {
        Reply head = client.reply(client.request("/square").method("HEAD", BodyPublishers.noBody()));
        Reply options = client.reply(client.request("/square").method("OPTIONS", BodyPublishers.noBody()));

        assertThat(head.status()).isEqualTo(405);
        assertThat(options.status()).isEqualTo(200);
        assertThat(options.header("Allow")).contains("POST");
    }

    @Test
    void saysTheOptionsProblemBeforeItReadsTheList() {
        client.squareUnchecked("?ipc=x", "[".repeat(100)).requireProblem(400, "invalid-option");
    }

    private Reply sayAndRead(String request) throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            return socket.send(request).readReply();
        }
    }

    private static String ones(int count) {
        return "[" + String.join(",", Collections.nCopies(count, "1")) + "]";
    }
}
