package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.ParentMailbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** A coordinator goes on when something has removed its directories, as a temp cleaner does, or systemd when a user logs out. */
class DirectoriesGoneTest {
    private static final int LONGER_THAN_SHORT = ParentMailbox.MAX_COUNT + 1;
    private static final String LONG_LIST = Collections.nCopies(LONGER_THAN_SHORT, 2).toString();

    private static Path shared;
    private static Coordinator coordinator;
    private static Client client;

    @BeforeAll
    static void start() {
        shared = TemporaryDirectories.create();
        coordinator = Coordinator.start(shared);
        client = coordinator.client();
    }

    @AfterAll
    static void stop() throws IOException {
        coordinator.close();
        assertThat(shared).isEmptyDirectory();
        FileSystemUtils.deleteRecursively(shared);
    }

    @BeforeEach
    void serve() {
        // Another test may have taken away what this one is to take away: a list of this length needs it.
        client.square("?process=pooled", LONG_LIST).requireOk();
        // None is about to start that could be the first to miss it.
        Leftovers.awaitNone(shared);
    }

    @Test
    void allOfManyRequestsAreAnsweredAfterItsOwnSharedDirectoryHasGone() throws Exception {
        FileSystemUtils.deleteRecursively(own());

        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Reply>> requests = IntStream.range(0, 8)
                    .<Callable<Reply>>mapToObj(_ -> () -> client.square("?process=pooled", LONG_LIST))
                    .toList();
            for (Future<Reply> reply : clients.invokeAll(requests)) {
                assertThat(reply.get().requireOk().parent().squares()).hasSize(LONGER_THAN_SHORT).containsOnly(4);
            }
        }
        // A worker may be about to start, and its mailbox has a name until it has.
        Leftovers.eventually()
                .untilAsserted(() -> assertThat(own()).isDirectoryNotContaining(file -> !file.endsWith("lock")));
        assertThat(client.get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void saysSoWhileThereIsNoSharedDirectoryAndGoesOnWhenThereIs() throws IOException {
        FileSystemUtils.deleteRecursively(shared);

        Reply refused = client.squareUnchecked("", LONG_LIST);
        refused.requireProblem(503, "shared-directory-unavailable");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(client.get("/readyz").status()).isEqualTo(503);
        assertThat(client.get("/livez").status()).isEqualTo(200);

        Files.createDirectory(shared);
        // Without a request: where nothing is ready, none is sent.
        assertThat(client.get("/readyz").status()).isEqualTo(200);
        client.square("", LONG_LIST).requireOk();
    }

    @Test
    void shortListsNeedNoDirectory() throws IOException {
        FileSystemUtils.deleteRecursively(shared);
        client.square("?process=pooled", "[1, 2]").requireOk();
        Files.createDirectory(shared);
    }

    private Path own() throws IOException {
        try (Stream<Path> directories = Files.list(shared)) {
            List<Path> all = directories.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }
}
