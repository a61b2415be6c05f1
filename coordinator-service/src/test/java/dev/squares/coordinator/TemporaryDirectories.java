package dev.squares.coordinator;

import dev.squares.worker.testing.SharedMemoryDirectory;
import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** Gives a context a shared directory of its own, and takes it away when everything else in it has ended. */
final class TemporaryDirectories implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Path shared = create();
        TestPropertyValues
                .of("squares.shared-directory=" + shared,
                        "squares.worker.cache-directory=" + TrainedCache.directory())
                .applyTo(context);
        // Beans are destroyed from the last to the first.
        ((DefaultSingletonBeanRegistry) context.getBeanFactory())
                .registerDisposableBean("temporaryDirectories", () -> FileSystemUtils.deleteRecursively(shared));
    }

    /** A new directory in memory, where there is some. */
    static Path create() {
        try {
            return SharedMemoryDirectory.create();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
