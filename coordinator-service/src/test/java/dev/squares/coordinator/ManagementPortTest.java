package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** A coordinator whose management has a port of its own, as in the images. */
class ManagementPortTest {
    private static final int MAX_CONNECTIONS = 20;

    private final Path shared = TemporaryDirectories.create();

    @AfterEach
    void delete() throws IOException {
        FileSystemUtils.deleteRecursively(shared);
    }

    @Test
    void answersProbesWhileIdleClientsHoldEveryConnection() throws IOException {
        List<RawSocket> idle = new ArrayList<>();
        try (Coordinator coordinator = Coordinator.start(
                shared,
                "--management.server.port=0",
                "--server.tomcat.max-connections=" + MAX_CONNECTIONS,
                "--server.tomcat.connection-timeout=1h")) {
            int management = coordinator.managementPort();
            Leftovers.eventually().until(() -> status(management, "/actuator/health/readiness") == 200);
            for (int i = 0; i < MAX_CONNECTIONS; i++) {
                idle.add(new RawSocket(coordinator.port()));
            }

            for (String path : List.of("liveness", "readiness")) {
                assertThat(status(management, "/actuator/health/" + path)).isEqualTo(200);
            }

            for (RawSocket socket : idle) {
                socket.close();
            }
            for (String path : List.of("/actuator/health", "/actuator/prometheus")) {
                assertThat(status(management, path)).isEqualTo(200);
                assertThat(status(coordinator.port(), path)).isEqualTo(404);
            }
            assertThat(status(coordinator.port(), "/readyz")).isEqualTo(200);
        }
    }

    /** On a connection of its own, as a probe. */
    private static int status(int port, String path) throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            return socket.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .readReply()
                    .status();
        }
    }
}
