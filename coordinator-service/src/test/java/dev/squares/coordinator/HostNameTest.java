package dev.squares.coordinator;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page whose name an attacker's name server has point to this machine sends its own name as the host. */
class HostNameTest extends HttpTest {
    private static final String REST = "\r\nContent-Type: application/json\r\nContent-Length: 3\r\nConnection: close\r\n\r\n[2]";

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "example.com:8080", "localhost.example.com"})
    void refusesANameThatIsNotThisMachines(String host) throws IOException {
        square(host).requireProblem(421, "misdirected-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:8080", "[::1]:8080"})
    void answersToItsOwnNameAndToAddresses(String host) throws IOException {
        square(host).requireOk();
    }

    private Reply square(String host) throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            return socket.send("POST /square HTTP/1.1\r\nHost: " + host + REST).readReply();
        }
    }
}
