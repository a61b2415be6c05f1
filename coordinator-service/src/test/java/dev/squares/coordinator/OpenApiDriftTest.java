package dev.squares.coordinator;

import static dev.squares.worker.testing.Contract.map;
import static dev.squares.worker.testing.Contract.strings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.testing.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract is one file; it is what is served and shown, and the code cannot drift away from it. */
class OpenApiDriftTest extends HttpTest {
    private static final Path CONTRACT = Path.of("../openapi.yaml");

    private Contract contract;
    private Contract derived;

    @BeforeEach
    void read() throws IOException {
        contract = Contract.read(Files.readString(CONTRACT));
        derived = Contract.read(client.reply(client.request("/v3/api-docs")).text());
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
        assertThat(derived.operations().keySet()).isEqualTo(contract.operations().keySet());
    }

    @Test
    void parametersAreTheSame() {
        contract.assertSame(derived, Contract::parameters);
    }

    @Test
    void bodiesOfRequestsAreTheSame() {
        contract.assertSame(derived, Contract::body);
    }

    @Test
    void statusesAndMediaTypesOfResponsesAreTheSame() {
        contract.assertSame(derived, Contract::responses);
    }

    /** An answer is streamed and declared nowhere: its own members are compared, with all that the contract has. */
    @ParameterizedTest
    @ValueSource(strings = {"full", "summary"})
    void answersHaveTheMembersOfTheContract(String view) {
        Map<String, Object> schema = contract.schema("SquareAnswer");
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
        Map<String, Object> schema = contract.schema("Problem");
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
        contract.operations()
                .values()
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
                .hasSameElementsAs(map(contract.schema("About").get("properties")).keySet());
    }
}
