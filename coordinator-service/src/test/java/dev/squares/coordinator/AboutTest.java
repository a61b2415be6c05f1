package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** What the service says of itself is so. */
// The same as in CooperationTest: both ask one coordinator.
@TestPropertySource(properties = "squares.worker.max-processes=3")
class AboutTest extends HttpTest {
    @Test
    void labIsOnByDefaultForThisMachineAlone() {
        JsonNode about = client.get("/about").json();

        assertThat(about.get("lab").booleanValue()).isTrue();
        assertThat(about.get("faults").toString()).isEqualTo("[\"kill\",\"hang\",\"full\",\"orphan\"]");
        assertThat(about.get("explainMaxLength").intValue()).isEqualTo(65_532);
        assertThat(about.get("pageBytes").intValue()).isPositive();
        assertThat(about.get("maxProcesses").intValue()).isEqualTo(3);
        assertThat(about.get("workers").stringValue()).isEqualTo("own");
        assertThat(about.get("pid").longValue()).isEqualTo(ProcessHandle.current().pid());
        assertThat(about.get("version").stringValue()).matches("[0-9].*");
    }

    @Test
    void labIsOffWhereOthersReachTheServiceAndSaysSo(@TempDir Path directory) {
        try (Coordinator coordinator = Coordinator.start(directory, "--server.address=0.0.0.0")) {
            Client others = coordinator.client();
            assertThat(others.get("/about").json().get("lab").booleanValue()).isFalse();

            JsonNode problem = others.squareUnchecked("?explain=true", "[1]").requireProblem(400, "invalid-option");

            assertThat(problem.get("parameter").stringValue()).isEqualTo("explain");
            assertThat(problem.get("detail").stringValue()).contains("squares.lab");
            others.square("?explain=false", "[1]").requireOk();
        }
    }

    @Test
    void serviceWithALabAnswersToThisMachinesNamesAndThoseItIsGivenAloneWhateverItIsBoundTo(@TempDir Path directory)
            throws IOException {
        try (Coordinator coordinator = Coordinator.start(directory, "--server.address=0.0.0.0", "--squares.lab=on",
                "--squares.host-names=Forwarded-8080.example.com,other.example.com")) {
            assertThat(coordinator.client().get("/about").json().get("lab").booleanValue()).isTrue();

            for (String host : List.of("example.com", "evil.other.example.com", "other.example.com.evil.example")) {
                about(coordinator, host).requireProblem(421, "misdirected-request");
            }
            for (String host : List.of("forwarded-8080.example.com", "other.EXAMPLE.com:443", "localhost")) {
                assertThat(about(coordinator, host).json().get("lab").booleanValue()).as(host).isTrue();
            }
        }
    }

    private static Reply about(Coordinator coordinator, String host) throws IOException {
        try (RawSocket socket = new RawSocket(coordinator.port())) {
            return socket.send("GET /about HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").readReply();
        }
    }
}
