package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TwoCoordinatorsTest extends HttpTest {
    @Test
    void workSideBySideOnOneSharedDirectoryAndLeaveNothing() throws IOException {
        Path shared = properties.sharedDirectory();
        try (RawSocket halfSent = new RawSocket(port)) {
            halfSent.send(
                    "POST /square HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n");
            Leftovers.eventually().until(() -> Leftovers.files(shared).size() == 2);
            try (Coordinator other = Coordinator.start(shared)) {
                assertSquares(client);
                assertSquares(other.client());
                assertThat(shared.toFile().list()).hasSize(2);
            }
            assertThat(shared.toFile().list()).hasSize(1);
            halfSent.send("2\r\n2]\r\n0\r\n\r\n");
            assertThat(halfSent.readReply().requireOk().parent().squares()).containsExactly(4);
            assertSquares(client);
            Leftovers.awaitNone(shared);
        }
    }

    private static void assertSquares(Client coordinator) {
        assertThat(coordinator.square("", "[3]").requireOk().parent().squares()).containsExactly(9);
        assertThat(coordinator.square("?process=pooled", "[4]").requireOk().parent().squares()).containsExactly(16);
    }
}
