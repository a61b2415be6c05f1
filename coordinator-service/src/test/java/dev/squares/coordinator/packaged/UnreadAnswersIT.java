package dev.squares.coordinator.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.FileSystemResource;

/** Clients that ask for an answer and do not read it, on all connections that there are, and a heap as the image has it. */
class UnreadAnswersIT {
    private static final List<String> HEAP_OF_THE_IMAGE = List.of("-Xmx192m", "-XX:+ExitOnOutOfMemoryError");

    private static final List<String> IPC = List.of("shared-memory", "message-passing", "none");

    /** An answer to it is more than the kernel takes, also where it has one side only. */
    private static final int LIST = 4_000;

    private static final int LONG_LIST = 60_000;

    private static final int SMALL = 4096;

    /** These files would be written to a disk otherwise, all of them. */
    @TempDir(factory = SharedMemoryDirectory.class)
    Path folder;

    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void vanish() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void asManyUnreadAnswersAsConnectionsLeaveTheCoordinatorStanding() throws IOException {
        try (RunningCoordinator coordinator = RunningCoordinator.start(folder, RunningCoordinator.Extracted.COORDINATOR,
                HEAP_OF_THE_IMAGE,
                // The first answer is still unread when the last one is asked for.
                "--server.tomcat.connection-timeout=10m", "--squares.shared-memory-limit=4GB",
                // The kernel alone would take more of each than is asked for.
                "--squares.send-buffer=16KB")) {
            assertServes(coordinator);
            // One connection is that of the client that reads.
            for (int i = 0; i < maxConnections() - 1; i++) {
                String ipc = IPC.get(i % IPC.size());
                clients.add(askAndReadThirteenBytes(coordinator, ipc, i % 20 == 0 ? LONG_LIST : LIST));
            }
            assertServes(coordinator);
            // The file of the answer that was read goes once it has been sent.
            await().atMost(RunningCoordinator.PATIENCE)
                    .untilAsserted(() -> assertThat(coordinator.files()).as("answers that are not yet sent")
                            .hasSize(clients.size()));

            vanish();
            coordinator.awaitNoFiles();
            assertServes(coordinator);
        }
    }

    private static void assertServes(RunningCoordinator coordinator) {
        assertThat(coordinator.square("?process=pooled", "[1, 2, 3, 4]").body()).contains("\"match\":true");
    }

    private static Socket askAndReadThirteenBytes(RunningCoordinator coordinator, String ipc, int count)
            throws IOException {
        Socket client = new Socket();
        client.setReceiveBufferSize(SMALL);
        client.setSoTimeout((int) RunningCoordinator.PATIENCE.toMillis());
        client.connect(new InetSocketAddress("127.0.0.1", coordinator.base().getPort()));
        byte[] list = Collections.nCopies(count, 3_037_000_499L).toString().getBytes(StandardCharsets.US_ASCII);
        String head = "POST /square?process=pooled&ipc=" + ipc
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + list.length
                + "\r\n\r\n";
        client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().write(list);
        assertThat(new String(client.getInputStream().readNBytes(13), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 200 ");
        return client;
    }

    private static int maxConnections() throws IOException {
        return (int) new YamlPropertySourceLoader()
                .load("application", new FileSystemResource("src/main/resources/application.yaml"))
                .getFirst()
                .getProperty("server.tomcat.max-connections");
    }
}
