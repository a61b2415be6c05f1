package dev.squares.coordinator;

import dev.squares.worker.child.Misbehaviour;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** One place for all, and a job that takes it for as long as a test wants. */
@Import(MisbehavingWorkers.class)
@TestPropertySource(properties = {
        "squares.worker.max-processes=1",
        // One that has worked and one that has not: a start takes longer than this queue does.
        "squares.worker.standby=2",
        "squares.worker.timeout=60s",
        // Short jobs need no place of their own otherwise.
        "squares.worker.jobs-at-once=1",
        "squares.worker.queue-timeout=200ms"
})
class FullHouseTest extends HttpTest {
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void clear() throws IOException {
        clients.shutdownNow();
        Files.deleteIfExists(awaited());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fresh", "pooled"})
    void sendsOthersAwayUntilAWorkerIsFree(String process) throws IOException {
        CompletableFuture<Reply> longJob = startLongJob(process);

        Reply refused = client.square("?process=" + process, "[1]");
        refused.requireProblem(503, "no-worker-available");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();

        Files.createFile(awaited());
        assertThat(longJob.join().requireOk().parent().squares()).endsWith(4, 9, 16);
        Leftovers.eventually().until(() -> client.square("?process=" + process, "[1]").status() == 200);
    }

    @Test
    void answersManyAtOnceWithASquareOrTheAdviceToTryLater() {
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            replies.add(CompletableFuture.supplyAsync(() -> client.square("?process=pooled", "[3]"), clients));
        }
        int served = 0;
        for (CompletableFuture<Reply> reply : replies) {
            if (reply.join().status() == 200) {
                assertThat(reply.join().parent().squares()).containsExactly(9);
                served++;
            } else {
                reply.join().requireProblem(503, "no-worker-available");
                assertThat(reply.join().header("Retry-After")).isNotEmpty();
            }
        }
        assertThat(served).isPositive();
    }

    private CompletableFuture<Reply> startLongJob(String process) {
        CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(() -> {
            Reply answer;
            do {
                // A fresh process may have to be started first, and that may take longer than this queue's patience.
                answer = client.square("?process=" + process, Misbehaviour.WAIT_FOR_THE_TEST.list());
            } while (answer.status() == 503);
            return answer;
        }, clients);
        Leftovers.eventually().until(() -> pool.status().busy() == 1);
        return reply;
    }

    private Path awaited() {
        return MisbehavingWorkers.awaitedFile(properties);
    }
}
