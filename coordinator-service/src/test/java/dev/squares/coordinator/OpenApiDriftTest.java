package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/** The contract is one file; it is what is served and shown, and the code cannot drift away from it. */
class OpenApiDriftTest extends HttpTest {
    private static final Path CONTRACT = Path.of("../openapi.yaml");

    private Map<String, Object> contract;
    private Map<String, Object> derived;

    @BeforeEach
    void read() throws IOException {
        contract = resolved(new Yaml().<Map<String, Object>>load(Files.readString(CONTRACT)));
        Reply reply = client.reply(client.request("/v3/api-docs"));
        derived = resolved(map(new JsonMapper().readValue(reply.bytes(), Object.class)));
    }

    @Test
    void contractIsServedAsItIsCheckedIn() throws IOException {
        Reply reply = client.reply(client.request("/openapi.yaml"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/yaml");
        assertThat(reply.text()).isEqualTo(Files.readString(CONTRACT));
    }

    @Test
    void swaggerUiShowsTheContract() {
        Reply page = client.reply(client.request("/swagger-ui.html"));
        assertThat(page.status()).isIn(302, 200);
        Reply index = client.reply(client.request("/swagger-ui/index.html"));
        Reply initializer = client.reply(client.request("/swagger-ui/swagger-initializer.js"));
        Reply config = client.reply(client.request("/v3/api-docs/swagger-config"));

        assertThat(page.header("Location")).endsWith("/swagger-ui/index.html");
        assertThat(index.text()).contains("swagger-initializer.js");
        assertThat(initializer.text()).contains("/v3/api-docs/swagger-config");
        assertThat(config.json().get("url").stringValue()).isEqualTo("/openapi.yaml");
    }

    @Test
    void everyPathAndMethodIsInBoth() {
        assertThat(operations(derived).keySet()).isEqualTo(operations(contract).keySet());
    }

    @Test
    void parametersAreTheSame() {
        assertSame(operation -> {
            Map<String, Object> parameters = new TreeMap<>();
            for (Object parameter : list(operation.get("parameters"))) {
                Map<String, Object> schema = map(map(parameter).get("schema"));
                parameters.put(map(parameter).get("in") + " " + map(parameter).get("name"), Arrays.asList(
                        map(parameter).getOrDefault("required", false),
                        schema.get("type"),
                        schema.get("enum"),
                        schema.get("default")));
            }
            return parameters;
        });
    }

    @Test
    void bodiesOfRequestsAreTheSame() {
        assertSame(operation -> {
            Map<String, Object> body = map(operation.get("requestBody"));
            Map<String, Object> media = new TreeMap<>();
            media.put("required", body.get("required"));
            map(body.get("content")).forEach((type, content) -> media.put(type, essence(map(content).get("schema"))));
            return media;
        });
    }

    @Test
    void statusesAndMediaTypesOfResponsesAreTheSame() {
        assertSame(operation -> {
            Map<String, Object> responses = new TreeMap<>();
            map(operation.get("responses")).forEach(
                    (status, response) -> responses.put(status, map(map(response).get("content")).keySet()));
            return responses;
        });
    }

    /** An answer is streamed and declared nowhere: its own members are compared, with all that the contract has. */
    @ParameterizedTest
    @ValueSource(strings = {"full", "summary"})
    void answersHaveTheMembersOfTheContract(String view) {
        Map<String, Object> schema = schema("SquareAnswer");
        Reply reply = client.square("?view=" + view, "[1]").requireOk();

        assertThat(reply.json().propertyNames()).hasSameElementsAs(strings(schema.get("required")));
        assertThat(client.square("?explain=true&view=" + view, "[1]").requireOk().json().propertyNames())
                .hasSameElementsAs(map(schema.get("properties")).keySet());
        Map<String, Object> side = map(map(schema.get("properties")).get("childReported"));
        for (Reply.Side shown : List.of(reply.child(), reply.parent())) {
            assertThat(shown.json().propertyNames()).hasSameElementsAs(view.equals("full")
                    ? map(side.get("properties")).keySet()
                    : strings(side.get("required")));
        }
    }

    @Test
    void problemsHaveNoMemberThatTheContractDoesNotKnow() {
        Map<String, Object> schema = schema("Problem");
        for (String[] bad : new String[][]{{"?ipc=x", "[1]"}, {"", "["}, {"", "[1.5]"}, {"", "[3037000500]"},
                {"", "1"}}) {
            List<String> members = List.copyOf(client.squareUnchecked(bad[0], bad[1])
                    .requireAnyProblem()
                    .propertyNames());
            assertThat(members).containsAll(strings(schema.get("required")));
            assertThat(map(schema.get("properties")).keySet()).containsAll(members);
        }
    }

    @Test
    void everyKindOfProblemHasAnExample() {
        Set<String> slugs = new TreeSet<>();
        operations(contract).values()
                .forEach(operation -> map(operation.get("responses")).values()
                        .forEach(
                                response -> map(map(response).get("content")).values()
                                        .forEach(
                                                content -> map(map(content).get("examples")).values()
                                                        .forEach(example -> {
                                                            Object value = map(example).get("value");
                                                            Object type = value instanceof Map<?, ?> object
                                                                    ? object.get("type")
                                                                    : null;
                                                            if (type != null) {
                                                                slugs.add(type.toString()
                                                                        .replace("urn:squares:problem:", ""));
                                                            }
                                                        }))));

        assertThat(slugs).contains(
                "malformed-json", "invalid-option", "list-too-long", "not-an-integer-list", "square-out-of-range",
                "worker-crashed", "no-worker-available", "worker-timed-out", "shared-memory-full",
                "shared-directory-unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz"})
    void healthIsAnsweredAsInTheContract(String path) {
        Reply reply = client.get(path);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("status").stringValue()).isEqualTo("UP");
    }

    @Test
    void aboutHasTheMembersOfTheContract() {
        assertThat(client.get("/about").json().propertyNames())
                .hasSameElementsAs(map(schema("About").get("properties")).keySet());
    }

    private interface Aspect {
        Object of(Map<String, Object> operation);
    }

    private void assertSame(Aspect aspect) {
        Map<String, Object> expected = new TreeMap<>();
        operations(contract).forEach((name, operation) -> expected.put(name, aspect.of(operation)));
        Map<String, Object> actual = new TreeMap<>();
        operations(derived).forEach((name, operation) -> actual.put(name, aspect.of(operation)));
        assertThat(actual).isEqualTo(expected);
    }

    /** Those of this service's own: health is Actuator's, and springdoc leaves it out. */
    private static Map<String, Map<String, Object>> operations(Map<String, Object> document) {
        Map<String, Map<String, Object>> operations = new TreeMap<>();
        map(document.get("paths")).forEach((path, methods) -> map(methods).forEach((method, operation) -> {
            if (!list(map(operation).get("tags")).contains("health")) {
                operations.put(method + " " + path, map(operation));
            }
        }));
        return operations;
    }

    private Map<String, Object> schema(String name) {
        return map(map(map(contract.get("components")).get("schemas")).get(name));
    }

    /** A schema without its prose. */
    private static Object essence(Object schema) {
        Map<String, Object> essence = new TreeMap<>();
        for (String keyword : List.of("type", "format", "enum", "default", "minimum", "maximum", "maxItems")) {
            Object value = map(schema).get(keyword);
            if (value instanceof Number number) {
                essence.put(keyword, number.longValue());
            } else if (value != null) {
                essence.put(keyword, value);
            }
        }
        if (map(schema).containsKey("items")) {
            essence.put("items", essence(map(schema).get("items")));
        }
        return essence;
    }

    /** The document with what its references stand for in their place. */
    private static Map<String, Object> resolved(Map<String, Object> document) {
        return map(resolved(document, document));
    }

    private static Object resolved(Object node, Map<String, Object> document) {
        if (node instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(resolved(element, document)));
            return copy;
        }
        if (!(node instanceof Map<?, ?>)) {
            return node;
        }
        if (map(node).get("$ref") instanceof String reference) {
            Object target = document;
            for (String step : reference.substring("#/".length()).split("/")) {
                target = map(target).get(step);
            }
            return resolved(target, document);
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map(node).forEach((key, value) -> copy.put(key, resolved(value, document)));
        return copy;
    }

    private static Map<String, Object> map(Object node) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (node != null) {
            ((Map<?, ?>) node).forEach((key, value) -> map.put(String.valueOf(key), value));
        }
        return map;
    }

    private static List<Object> list(Object node) {
        return node == null ? List.of() : new ArrayList<>((List<?>) node);
    }

    private static List<String> strings(Object node) {
        return list(node).stream().map(String::valueOf).toList();
    }
}
