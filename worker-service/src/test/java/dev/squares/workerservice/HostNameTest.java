package dev.squares.workerservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page whose name an attacker's name server has point to this machine sends its own name as the host. */
class HostNameTest extends WorkerServiceTest {
    @ParameterizedTest
    @ValueSource(strings = {"example.com", "example.com:8081", "localhost.example.com", "127.0.0.1.example.com",
            "1.2.3.4.5", ""})
    void refusesANameThatIsNotThisMachines(String host) throws IOException {
        assertThat(ask("HTTP/1.1\r\nHost: " + host))
                .startsWith("HTTP/1.1 421")
                .contains("application/problem+json", "urn:squares:problem:misdirected-request", "\"action\":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost:8081", "127.0.0.1", "127.0.0.1:8081", "[::1]:8081", "192.0.2.1"})
    void answersToItsOwnNameAndToAddresses(String host) throws IOException {
        assertThat(ask("HTTP/1.1\r\nHost: " + host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = "HTTP/1.0")
    void answersAClientThatNamesNoHost(String version) throws IOException {
        assertThat(ask(version)).startsWith("HTTP/1.1 200");
    }

    private String ask(String rest) throws IOException {
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.getOutputStream()
                    .write(("GET /livez " + rest + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
