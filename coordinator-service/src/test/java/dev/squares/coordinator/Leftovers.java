package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.parent.WorkerPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;

/** What a request must not leave behind: files in the shared directory, and processes that do not stand ready for others. */
final class Leftovers {
    /** Much longer than anything takes, on the slowest of machines. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Of every context that this JVM keeps: all of them have their workers as children of this one process. */
    private static final Set<WorkerPool> POOLS = new CopyOnWriteArraySet<>();

    private Leftovers() {}

    static void watch(WorkerPool pool) {
        POOLS.add(pool);
    }

    static void forget(WorkerPool pool) {
        POOLS.remove(pool);
    }

    /** Looks again and again, at once and then often. */
    static ConditionFactory eventually() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    /** Waits until there are none. */
    static void awaitNone(Path sharedDirectory) {
        eventually().untilAsserted(() -> {
            assertThat(files(sharedDirectory)).allMatch(file -> file.endsWith("lock"));
            assertOnlyIdleProcesses();
        });
    }

    private static void assertOnlyIdleProcesses() {
        int idle = 0;
        for (WorkerPool pool : POOLS) {
            WorkerPool.Status status = pool.status();
            assertThat(status.busy()).as("busy workers").isZero();
            assertThat(status.starting()).as("starting workers").isZero();
            assertThat(status.waiting()).as("waiting requests").isZero();
            idle += status.idle();
        }
        assertThat(ProcessHandle.current().children().filter(child -> !Browser.isDriver(child)))
                .as("children of the coordinator")
                .hasSize(idle);
    }

    /** Everything in the directories of coordinators, their locks included. */
    static List<Path> files(Path sharedDirectory) {
        try (Stream<Path> files = Files.walk(sharedDirectory, 2)) {
            return files
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.getParent().equals(sharedDirectory))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException e) {
            // Deleted while it was looked at.
            return files(sharedDirectory);
        }
    }
}
