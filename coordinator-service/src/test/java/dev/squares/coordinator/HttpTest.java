package dev.squares.coordinator;

import dev.squares.worker.fork.WorkerPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;

/** A coordinator on a port and in directories of its own, with nothing left behind after every test. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = TemporaryDirectories.class)
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
    }

    @AfterEach
    void leavesNothingBehind() {
        Leftovers.awaitNone(properties.sharedDirectory());
    }
}
