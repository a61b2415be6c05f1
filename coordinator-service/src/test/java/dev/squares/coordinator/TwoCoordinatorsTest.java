package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

class TwoCoordinatorsTest {
    private Path shared;

    @BeforeEach
    void create() {
        shared = TemporaryDirectories.create();
    }

    @AfterEach
    void delete() throws IOException {
        FileSystemUtils.deleteRecursively(shared);
    }

    @Test
    void workSideBySideOnOneSharedDirectoryAndLeaveNothing() throws IOException {
        try (Coordinator one = Coordinator.start(shared);
                RawSocket halfSent = new RawSocket(one.port())) {
            halfSent.send(
                    "POST /square HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n");
            Leftovers.eventually().until(() -> Leftovers.files(shared).size() == 2);
            try (Coordinator other = Coordinator.start(shared)) {
                assertSquares(one);
                assertSquares(other);
            }
            halfSent.send("2\r\n2]\r\n0\r\n\r\n");
            assertThat(halfSent.readReply().requireOk().parent().squares()).containsExactly(4);
            assertSquares(one);
            Leftovers.awaitNone(shared);
        }
        Leftovers.awaitNone(shared);
        assertThat(shared).isEmptyDirectory();
    }

    private static void assertSquares(Coordinator coordinator) {
        assertThat(coordinator.client().square("", "[3]").requireOk().parent().squares()).containsExactly(9);
        assertThat(coordinator.client().square("?process=pooled", "[4]").requireOk().parent().squares())
                .containsExactly(16);
    }
}
