package dev.squares.coordinator;

import dev.squares.worker.parent.WorkerPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;

/** A coordinator on a port and in directories of its own, with nothing left behind after every test. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = TemporaryDirectories.class)
// However slow the machine starts processes, and passes jobs on.
@TestPropertySource(properties = "squares.worker.queue-timeout=60s")
abstract class HttpTest {
    @LocalServerPort
    int port;

    @Autowired
    SquaresProperties properties;

    @Autowired
    WorkerPool pool;

    Client client;

    @BeforeEach
    void connect() {
        client = new Client(port);
        Leftovers.watch(pool);
        Leftovers.eventually().until(() -> pool.status().idle() == properties.worker().standby());
    }

    @AfterEach
    void leavesNothingBehind() {
        Leftovers.awaitNone(properties.sharedDirectory());
    }
}
