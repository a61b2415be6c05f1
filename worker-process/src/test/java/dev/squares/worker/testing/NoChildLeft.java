package dev.squares.worker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a child process behind, and ends the child, so that the next test starts without it. */
public final class NoChildLeft implements AfterEachCallback {
    static {
        // For all that these tests wait for: a machine that does other work as well is slow to start a JVM.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        // Most of it is there in a few milliseconds.
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            await().until(() -> children().isEmpty());
        } catch (ConditionTimeoutException e) {
            List<ProcessHandle> left = children();
            left.forEach(ProcessHandle::destroyForcibly);
            assertThat(left).as("children left behind").isEmpty();
        }
    }

    /** The children of this process that live. */
    public static List<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
    }
}
