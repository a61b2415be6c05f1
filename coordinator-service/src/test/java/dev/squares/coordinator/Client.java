package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.web.util.UriComponentsBuilder;

/** Talks to a coordinator, and holds every exchange against the contract. */
final class Client {
    private static final OpenApiInteractionValidator CONTRACT = OpenApiInteractionValidator
            .createFor("static/openapi.yaml")
            .build();

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String server;

    Client(int port) {
        server = "http://127.0.0.1:" + port;
    }

    /** A list that keeps the contract, for an answer that does. */
    Reply square(String query, String list) {
        Reply reply = reply(post(query, list));
        SimpleRequest.Builder asked = SimpleRequest.Builder.post("/square")
                .withContentType("application/json")
                .withBody(list);
        UriComponentsBuilder.fromUriString("/square" + query).build().getQueryParams().forEach(asked::withQueryParam);
        assertKept(CONTRACT.validate(asked.build(), answer(reply)));
        return reply;
    }

    /** A request that breaks the contract, or keeps it in a way that the library does not see, for an answer that keeps it. */
    Reply squareUnchecked(String query, String body) {
        return answerOf(post(query, body));
    }

    /** As {@link #squareUnchecked(String, String)}. */
    Reply answerOf(HttpRequest.Builder toSquare) {
        Reply reply = reply(toSquare);
        assertKept(CONTRACT.validateResponse("/square", Request.Method.POST, answer(reply)));
        return reply;
    }

    /** A list that is answered with a stream of events, each of which keeps the contract. */
    List<StreamEvent> stream(String query, String list) {
        Reply reply = answerOf(post(query, list).header("Accept", "text/event-stream"));
        assertThat(reply.status()).as(reply::text).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.header("X-Accel-Buffering")).isEqualTo("no");
        return StreamEvent.all(reply.text());
    }

    /** An operation that is read. */
    Reply get(String path) {
        Reply reply = reply(request(path));
        assertKept(CONTRACT.validate(SimpleRequest.Builder.get(path).build(), answer(reply)));
        return reply;
    }

    /** Holds nothing against the contract: for what is not in it. */
    Reply reply(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(
                    request.timeout(Leftovers.PATIENCE).build(), BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder post(String query, String body) {
        return post(query, body.getBytes(StandardCharsets.UTF_8));
    }

    HttpRequest.Builder post(String query, byte[] body) {
        return request("/square" + query)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path));
    }

    private static SimpleResponse answer(Reply reply) {
        SimpleResponse.Builder answer = SimpleResponse.Builder.status(reply.status()).withBody(reply.bytes());
        reply.headers().forEach(answer::withHeader);
        return answer.build();
    }

    private static void assertKept(ValidationReport report) {
        assertThat(report.getMessages()).as("breaches of openapi.yaml").isEmpty();
    }
}
