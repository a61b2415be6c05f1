package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a coordinator answered. Headers are found whatever their case. */
record Reply(int status, Map<String, List<String>> headers, byte[] bytes) {
    private static final JsonMapper JSON = new JsonMapper();

    private static final Pattern OF_THE_INSIDE = Pattern.compile(
            "(?i)exception|\\bjava[x.]|jackson|dev[./]squares|org\\.|/dev/|/tmp|\\.java|\\\\tat |"
                    + "StreamRead|getMax|JsonToken|null\"");

    Reply {
        TreeMap<String, List<String>> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = anyCase;
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    String header(String name) {
        return String.join(", ", headers.getOrDefault(name, List.of()));
    }

    JsonNode json() {
        return JSON.readTree(bytes);
    }

    /** What the child reported. */
    Side child() {
        return new Side(json().get("childReported"));
    }

    /** What the parent observed. */
    Side parent() {
        return new Side(json().get("parentObserved"));
    }

    /** One side of the boundary. */
    record Side(JsonNode json) {
        long pid() {
            return json.get("pid").longValue();
        }

        long count() {
            return json.get("count").longValue();
        }

        BigInteger sum() {
            return json.get("sum").bigIntegerValue();
        }

        long[] squares() {
            JsonNode squares = json.get("squares");
            return LongStream.range(0, squares.size()).map(i -> squares.get((int) i).longValue()).toArray();
        }
    }

    /** An answer with squares, as it is. */
    Reply requireOk() {
        assertThat(status).as(this::text).isEqualTo(200);
        assertThat(header("Content-Type")).isEqualTo("application/json");
        return this;
    }

    /** A problem detail of this kind, which tells a client what to do and nothing of the inside. */
    JsonNode requireProblem(int expectedStatus, String slug) {
        JsonNode problem = requireAnyProblem();
        assertThat(status + " " + problem.path("type").stringValue("")).as(this::text)
                .isEqualTo(expectedStatus + " urn:squares:problem:" + slug);
        return problem;
    }

    /** A problem detail of any kind. */
    JsonNode requireAnyProblem() {
        return requireAnyProblem(List.of("type", "title", "detail", "instance", "action"));
    }

    /** As {@link #requireAnyProblem()}, where there is no path for it to be an instance of. */
    JsonNode requireAnyProblemOfWhatIsNoRequest() {
        return requireAnyProblem(List.of("type", "title", "detail", "action"));
    }

    private JsonNode requireAnyProblem(List<String> members) {
        assertThat(text().toLowerCase(Locale.ROOT)).doesNotContain("<html", "<!doctype");
        assertThat(header("Content-Type")).as(this::text).isEqualTo("application/problem+json");
        JsonNode problem = json();
        assertThat(status).as(this::text).isBetween(400, 599);
        assertThat(problem.path("status").intValue(0)).as(this::text).isEqualTo(status);
        for (String member : members) {
            assertThat(problem.path(member).stringValue("")).as(() -> member + " of " + problem).isNotBlank();
        }
        assertThat(text()).doesNotContainPattern(OF_THE_INSIDE);
        return problem;
    }
}
