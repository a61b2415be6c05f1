package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.squares.worker.testing.NoChildLeft;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start or a warm-up throws costs neither a place in the pool nor a child, also where it is an {@link Error}. */
@ExtendWith(NoChildLeft.class)
class WorkerPoolErrorTest {
    private static final long SPARE_KILOBYTES = 900 << 10;

    @RegisterExtension
    private final PoolLog log = new PoolLog();

    private static Error noThread() {
        return new Error("unable to create native thread");
    }

    @Test
    void errorInAFirstJobCostsNoPlaceAndNoChild() throws Exception {
        AtomicInteger errors = new AtomicInteger(2);
        WorkerPool.WarmUp warmUp = () -> {
            if (errors.getAndDecrement() > 0) {
                throw noThread();
            }
            return Pools.job("warm-up");
        };
        try (WorkerPool pool = Pools.of(Commands.quick(), warmUp, Settings.of(1, 1))) {
            log.awaitLine("could not start a worker: ", "unable to create native thread");
            Pools.awaitIdle(pool, 1);
            Pools.serve(pool, ProcessKind.FRESH);
            Pools.awaitIdle(pool, 1);
        }
    }

    @Test
    void errorInAnIdleWarmUpCostsNoPlaceAndNoChild() throws Exception {
        AtomicInteger jobs = new AtomicInteger();
        WorkerPool.WarmUp warmUp = () -> {
            if (jobs.incrementAndGet() == 2) {
                throw noThread();
            }
            return Pools.job("warm-up");
        };
        PoolSettings settings = Settings.withIdleWarmUps(Settings.of(1, 1), 3);
        try (WorkerPool pool = Pools.of(Commands.quick(), warmUp, settings)) {
            log.awaitLine("unable to create native thread");
            await().until(() -> jobs.get() == 2 + 1 + 3);
            Pools.awaitIdle(pool, 1);
            Pools.serve(pool, ProcessKind.POOLED);
        }
    }

    @Test
    void errorInTheListenerCostsNoPlace() throws Exception {
        try (WorkerPool pool = new WorkerPool(
                _ -> Commands.quick(), () -> Pools.job("warm-up"), MailboxFiles.NONE, Settings.of(1, 1), (_, _) -> {
                    throw noThread();
                })) {
            Pools.serve(pool, ProcessKind.FRESH);
            Pools.awaitIdle(pool, 1);
        }
    }

    /** For real: a parent that may take no more address space can fork a child, but not create the threads that serve it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void parentThatCannotCreateThreadsLosesNoPlaceAndNoChild(boolean notEvenTheOneThatReaps) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit(1) is needed");
        Process parent = new ProcessBuilder(
                Commands.java(),
                "-Xmx64m",
                // Of address space alone, and more than the limit leaves.
                "-Xss1g",
                "-Xlog:disable",
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.lang.processReaperUseDefaultStackSize=" + notEvenTheOneThatReaps,
                "-cp",
                Commands.classPath(WorkerPool.class) + ":" + Commands.classPath(ThreadlessMain.class),
                ThreadlessMain.class.getName()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader said = parent.inputReader(); Writer goOn = parent.outputWriter()) {
            assertThat(said.readLine()).isEqualTo("limit my address space");
            limitAddressSpace(parent, Long.toString((virtualKilobytes(parent) + SPARE_KILOBYTES) * 1024));
            goOn.append('\n').flush();

            assertThat(said.readLine()).isEqualTo("failed again and again: true");
            await().until(() -> parent.children().noneMatch(WorkerPoolErrorTest::hasNotEnded));
            limitAddressSpace(parent, "unlimited");
            goOn.append('\n').flush();

            assertThat(said.readLine()).isEqualTo("recovered: Reported[]");
            assertThat(parent.waitFor()).isZero();
        } finally {
            parent.destroyForcibly();
        }
    }

    /** One without a thread to reap it has ended, but is still listed until its parent ends. */
    private static boolean hasNotEnded(ProcessHandle child) {
        try {
            return !Files.readString(Path.of("/proc", Long.toString(child.pid()), "status")).contains("State:\tZ");
        } catch (IOException e) {
            return false;
        }
    }

    private static long virtualKilobytes(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))
                .stream()
                .filter(line -> line.startsWith("VmSize:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Sets the soft limit alone: it can be raised again. */
    private static void limitAddressSpace(Process process, String bytes) throws IOException, InterruptedException {
        assertThat(
                new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--as=" + bytes + ":").inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
