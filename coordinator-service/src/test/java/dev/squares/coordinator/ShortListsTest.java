package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Short lists take a way of their own, in the worker's mailbox. A list whose length is not known beforehand takes the general one, in a
 * file: nobody can tell the answers apart.
 */
class ShortListsTest extends HttpTest {
    private static final List<String> BODIES = List.of(
            "[1, 2, 3, 4]", "[]", " [ -3037000499 ,\n3037000499 ] ", numbers(1020), numbers(1021), "[1.0, 2e0]",
            "[1, 2", "[1, 2.5]", "[3037000500]", "[\"1\"]", "{}", "", "[1] 2", "[01]", "null");

    @Autowired
    private MeterRegistry meters;

    @ParameterizedTest
    @ValueSource(strings = {"", "?process=pooled", "?process=pooled&view=summary", "?process=pooled&ipc=none",
            "?process=pooled&ipc=message-passing", "?process=pooled&ipc=none&view=summary", "?ipc=shared"})
    void areAnsweredAsAllOthersAre(String query) throws IOException {
        // Each fresh one starts a process.
        List<String> bodies = query.contains("pooled") ? BODIES : BODIES.subList(0, 2);
        for (String body : bodies) {
            int length = body.getBytes(StandardCharsets.UTF_8).length;
            Reply known = send(query, "Content-Length: " + length + "\r\n\r\n" + body);
            Reply unknown = send(query, "Transfer-Encoding: chunked\r\n\r\n"
                    + (length == 0 ? "" : Integer.toHexString(length) + "\r\n" + body + "\r\n") + "0\r\n\r\n");

            assertThat(known.status()).as(body).isEqualTo(unknown.status()).isNotZero();
            assertThat(withoutPids(known)).as(body).isEqualTo(withoutPids(unknown));
            assertThat(known.header("Content-Type")).isEqualTo(unknown.header("Content-Type"));
            assertThat(steps(known)).isEqualTo(steps(unknown));
        }
    }

    /** Spring MVC is asked for a controller only where there is something unusual. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST /square      | Content-Type: application/json; charset=utf-8 | 200
            POST /square      | Content-Type: Application/JSON;charset=UTF-8  | 200
            POST /square;a=b  | Content-Type: application/json                | 200
            POST /%73quare    | Content-Type: application/json                | 200
            POST /square/     | Content-Type: application/json                | 404
            POST /squares     | Content-Type: application/json                | 404
            PUT /square       | Content-Type: application/json                | 405
            POST /square      | Content-Type: text/plain                      | 415
            POST /square      | Content-Type: nonsense                        | 415
            POST /square      | Accept: */*                                   | 415
            POST /square      | Content-Type: application/json%Accept: text/plain            | 406
            POST /square      | Content-Type: application/json%Accept: nonsense              | 406
            POST /square      | Content-Type: application/json%Accept: text/plain, */*;q=0.1 | 200
            POST /square      | Content-Type: application/json%Content-Encoding: gzip        | 415
            POST /square      | Content-Type: application/json%Content-Encoding: identity    | 200
            POST /square?a=%  | Content-Type: application/json                | 400
            POST /square?a=b  | Content-Type: application/json                | 400
            """)
    void areAnsweredAsAllOthersAre(String what, String headers, int status) throws IOException {
        String query = what.contains("?") ? "" : "?process=pooled";
        String head = what + query + " HTTP/1.1\r\nHost: localhost\r\n" + headers.replace("%", "\r\n") + "\r\n";

        Reply known = send(head + "Content-Length: 3\r\n\r\n[2]");
        Reply unknown = send(head + "Transfer-Encoding: chunked\r\n\r\n3\r\n[2]\r\n0\r\n\r\n");

        assertThat(known.status()).isEqualTo(unknown.status()).isEqualTo(status);
        assertThat(withoutPids(known)).isEqualTo(withoutPids(unknown)).isNotEmpty();
        assertThat(known.header("Content-Type")).isEqualTo(unknown.header("Content-Type"));
    }

    private Reply send(String query, String rest) throws IOException {
        return send("POST /square" + query
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + rest);
    }

    private Reply send(String request) throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            return socket.send(request).readReply();
        }
    }

    @Test
    void areCountedAndTimedAsAllOthersAre() {
        double before = requests("200") + requests("422");
        client.square("?process=pooled", "[1]").requireOk();
        client.squareUnchecked("?process=pooled", "[0.5]").requireProblem(422, "not-an-integer-list");

        Leftovers.eventually().until(() -> requests("200") + requests("422") == before + 2);
        assertThat(meters.get("squares.job")
                .tags("ipc", "shared-memory", "process", "pooled", "ending", "reported")
                .timer()
                .count()).isPositive();
        assertThat(meters.get("http.server.requests.active").longTaskTimer().activeTasks()).isZero();
    }

    private double requests(String status) {
        return meters.find("http.server.requests")
                .tags("uri", "/square", "method", "POST", "status", status, "exception", "none", "error", "none")
                .timers()
                .stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    private static String withoutPids(Reply reply) {
        return reply.text().replaceAll("\"pid\":\\d+", "\"pid\":0");
    }

    private static String steps(Reply reply) {
        return String.valueOf(reply.header("Server-Timing")).replaceAll("dur=[0-9.E-]+", "");
    }

    private static String numbers(int count) {
        return LongStream.rangeClosed(1, count).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
