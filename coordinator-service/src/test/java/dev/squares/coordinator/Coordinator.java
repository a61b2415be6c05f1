package dev.squares.coordinator;

import dev.squares.worker.parent.WorkerPool;
import dev.squares.worker.testing.TrainedCache;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A coordinator that a test starts and stops by itself. */
final class Coordinator implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    /** Null where worker-service has it. */
    private final @Nullable WorkerPool pool;

    private Coordinator(ConfigurableApplicationContext context) {
        this.context = context;
        this.pool = context.getBeanProvider(WorkerPool.class).getIfAvailable();
        if (pool != null) {
            Leftovers.watch(pool);
        }
    }

    /** @param more as on the command line; instead of what there is anyway, where it is the same property */
    static Coordinator start(Path sharedDirectory, String... more) {
        SpringApplication application = new SpringApplication(CoordinatorApplication.class);
        application.setRegisterShutdownHook(false);
        Stream<String> always = Stream.of(
                "--server.port=0",
                "--squares.worker.queue-timeout=60s",
                "--squares.shared-directory=" + sharedDirectory,
                "--squares.worker.cache-directory=" + TrainedCache.directory());
        Stream<String> remaining = always.filter(argument -> Stream.of(more)
                .noneMatch(other -> other.startsWith(argument.substring(0, argument.indexOf('=') + 1))));
        return new Coordinator(application.run(Stream.concat(remaining, Stream.of(more)).toArray(String[]::new)));
    }

    int port() {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    /** The same as the other, unless it has been given one of its own. */
    int managementPort() {
        return context.getEnvironment().getRequiredProperty("local.management.port", int.class);
    }

    Client client() {
        return new Client(port());
    }

    @Override
    public void close() {
        context.close();
        if (pool != null) {
            Leftovers.forget(pool);
        }
    }
}
