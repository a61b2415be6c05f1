package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;

/** What a request must not leave behind: files in the shared directory, and processes that do not stand ready for others. */
final class Leftovers {
    /** Much longer than anything takes, on the slowest of machines. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Of every context that this JVM keeps: all of them have their workers as children of this one process. */
    private static final Set<WorkerPool> POOLS = new CopyOnWriteArraySet<>();

    /** How many processes a test has left: it has failed for them, and the tests behind it do not wait for their end as well. */
    private static int left;

    private Leftovers() {}

    static void watch(WorkerPool pool) {
        POOLS.add(pool);
    }

    static void forget(WorkerPool pool) {
        POOLS.remove(pool);
    }

    /** Looks again and again, at once and then often; less often after a while, for every look takes CPU from what is awaited. */
    static ConditionFactory eventually() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval((looks, _) -> Duration.ofMillis(looks < 5 ? 10 : 50));
    }

    /** Waits until there are none. */
    static void awaitNone(Path sharedDirectory) {
        await(() -> {
            assertNoFiles(sharedDirectory);
            assertOnlyIdleProcesses();
        });
    }

    /** Waits until there is no file but locks. */
    static void awaitNoFiles(Path sharedDirectory) {
        await(() -> assertNoFiles(sharedDirectory));
    }

    /** Waits until no other is a child of this JVM. */
    static void awaitOnlyIdleProcesses() {
        await(Leftovers::assertOnlyIdleProcesses);
    }

    private static void await(ThrowingRunnable assertion) {
        try {
            eventually().untilAsserted(assertion);
        } catch (ConditionTimeoutException e) {
            left = Math.max(0, (int) children().count() - idle());
            throw e;
        }
    }

    private static void assertNoFiles(Path sharedDirectory) {
        assertThat(files(sharedDirectory)).allMatch(file -> file.endsWith("lock"));
    }

    private static void assertOnlyIdleProcesses() {
        for (WorkerPool pool : POOLS) {
            WorkerPool.Status status = pool.status();
            assertThat(status.busy()).as("busy workers").isZero();
            assertThat(status.starting()).as("starting workers").isZero();
            assertThat(status.waiting()).as("waiting requests").isZero();
        }
        int idle = idle();
        assertThat(children().map(Leftovers::describe))
                .as("children of the coordinator")
                .hasSizeBetween(idle, idle + left);
    }

    private static int idle() {
        return POOLS.stream().mapToInt(pool -> pool.status().idle()).sum();
    }

    private static Stream<ProcessHandle> children() {
        return ProcessHandle.current()
                .children()
                .filter(child -> !Browser.isDriver(child));
    }

    private static String describe(ProcessHandle child) {
        return child.pid() + " " + child.info();
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
