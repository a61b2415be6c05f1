package dev.squares.coordinator;

import dev.squares.worker.fork.WorkerPool;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A coordinator that a test starts and stops by itself. */
final class Coordinator implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final WorkerPool pool;

    private Coordinator(ConfigurableApplicationContext context) {
        this.context = context;
        this.pool = context.getBean(WorkerPool.class);
        Leftovers.watch(pool);
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

    Client client() {
        return new Client(port());
    }

    @Override
    public void close() {
        context.close();
        Leftovers.forget(pool);
    }
}
