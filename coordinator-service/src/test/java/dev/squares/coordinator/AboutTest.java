package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the service says of itself is so. */
class AboutTest {
    @Test
    void labIsOnByDefaultForThisMachineAlone(@TempDir Path directory) {
        try (Coordinator coordinator = Coordinator.start(directory, "--squares.worker.max-processes=3")) {
            JsonNode about = coordinator.client().get("/about").json();

            assertThat(about.get("lab").booleanValue()).isTrue();
            assertThat(about.get("faults").toString()).isEqualTo("[\"kill\",\"hang\",\"full\",\"orphan\"]");
            assertThat(about.get("explainMaxLength").intValue()).isEqualTo(65_532);
            assertThat(about.get("pageBytes").intValue()).isPositive();
            assertThat(about.get("maxProcesses").intValue()).isEqualTo(3);
            assertThat(about.get("workers").stringValue()).isEqualTo("own");
            assertThat(about.get("pid").longValue()).isEqualTo(ProcessHandle.current().pid());
            assertThat(about.get("version").stringValue()).matches("[0-9].*");
        }
    }

    @Test
    void labIsOffWhereOthersReachTheServiceAndSaysSo(@TempDir Path directory) {
        try (Coordinator coordinator = Coordinator.start(directory, "--server.address=0.0.0.0")) {
            Client client = coordinator.client();
            assertThat(client.get("/about").json().get("lab").booleanValue()).isFalse();

            JsonNode problem = client.squareUnchecked("?explain=true", "[1]").requireProblem(400, "invalid-option");

            assertThat(problem.get("parameter").stringValue()).isEqualTo("explain");
            assertThat(problem.get("detail").stringValue()).contains("squares.lab");
            client.square("?explain=false", "[1]").requireOk();
        }
    }

    @Test
    void serviceWithALabAnswersToThisMachinesNamesAloneWhateverItIsBoundTo(@TempDir Path directory)
            throws IOException {
        try (Coordinator coordinator = Coordinator.start(directory, "--server.address=0.0.0.0", "--squares.lab=on");
                RawSocket socket = new RawSocket(coordinator.port())) {
            assertThat(coordinator.client().get("/about").json().get("lab").booleanValue()).isTrue();

            socket.send("GET /about HTTP/1.1\r\nHost: example.com\r\n\r\n")
                    .readReply()
                    .requireProblem(421, "misdirected-request");
        }
    }
}
