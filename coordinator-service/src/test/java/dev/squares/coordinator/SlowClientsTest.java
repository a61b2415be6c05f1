package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** There is one place for a job, and nobody holds it who does not use it. */
@TestPropertySource(properties = {
        "squares.worker.max-processes=1",
        "squares.worker.standby=1",
        "server.tomcat.connection-timeout=60s"
})
class SlowClientsTest extends HttpTest {
    private final List<RawSocket> sockets = new ArrayList<>();

    @AfterEach
    void vanish() throws IOException {
        for (RawSocket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void slowSendersHoldNoWorkerAndLeaveNoFile() throws IOException {
        for (int i = 0; i < 40; i++) {
            open().send(head(1_000_000)).send("[1,2,3,");
        }
        awaitFiles(40);

        assertServed();

        vanish();
        awaitFiles(0);
    }

    @Test
    void slowReadersHoldNoWorkerAndLeaveNoFile() throws IOException {
        byte[] list = Collections.nCopies(300_000, 3_037_000_499L).toString().getBytes(StandardCharsets.US_ASCII);
        // More than there are places.
        for (int i = 0; i < 3; i++) {
            RawSocket socket = open();
            socket.send(head(list.length)).send(list).awaitFirstByte();
        }
        // Of answers that are not yet sent.
        awaitFiles(3);

        assertServed();

        vanish();
        awaitFiles(0);
    }

    @Test
    void clientsThatVanishWithoutHavingSaidAnythingLeaveNothing() throws IOException {
        for (int i = 0; i < 10; i++) {
            open().send(head(1_000_000)).close();
            open().send("POST /squ").close();
        }
        assertServed();
    }

    @Test
    void aListThatComesInManyPiecesIsTaken() throws IOException {
        String list = "[1, 2, 3037000499, -4]";
        RawSocket socket = open().send(head(list.length()));
        for (int i = 0; i < list.length(); i++) {
            socket.send(list.substring(i, i + 1));
        }
        assertThat(socket.readReply().requireOk().parent().squares())
                .containsExactly(1, 4, 9_223_372_030_926_249_001L, 16);
    }

    private void assertServed() {
        assertThat(client.square("?process=fresh", "[3]").requireOk().parent().squares()).containsExactly(9);
        assertThat(client.square("?process=pooled", "[4]").requireOk().parent().squares()).containsExactly(16);
        assertThat(client.get("/readyz").status()).isEqualTo(200);
    }

    /** Besides the lock. */
    private void awaitFiles(int count) {
        Leftovers.eventually()
                .untilAsserted(() -> assertThat(Leftovers.files(properties.sharedDirectory())).hasSize(count + 1));
    }

    private RawSocket open() throws IOException {
        RawSocket socket = new RawSocket(port);
        sockets.add(socket);
        return socket;
    }

    private static String head(int length) {
        return "POST /square HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + length
                + "\r\n\r\n";
    }
}
