package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What the pool says in its log during a test, kept from the console. */
final class PoolLog implements BeforeEachCallback, AfterEachCallback {
    private final Logger logger = Logger.getLogger(WorkerPool.class.getName());
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    @Override
    public void beforeEach(ExtensionContext context) {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    /** Waits for a line that has all these in it. */
    void awaitLine(String... parts) {
        await().untilAsserted(() -> assertThat(lines).anySatisfy(line -> assertThat(line).contains(parts)));
    }
}
