package dev.squares.coordinator;

import dev.squares.worker.child.MisbehavingWorker;
import dev.squares.worker.child.Misbehaviour;
import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.WorkerCommand;
import dev.squares.worker.parent.WorkerPool.CommandSource;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Has a coordinator fork {@link MisbehavingWorker}s. */
@TestConfiguration(proxyBeanMethods = false)
class MisbehavingWorkers {
    @Bean
    @Primary
    CommandSource misbehavingWorkers(SquaresProperties properties) {
        WorkerCommand command = new WorkerCommand(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                location(Job.class) + File.pathSeparator + location(MisbehavingWorker.class),
                MisbehavingWorker.class.getName(),
                awaitedFile(properties).toString()));
        return () -> command;
    }

    /** What {@link Misbehaviour#WAIT_FOR_THE_TEST} waits for. */
    static Path awaitedFile(SquaresProperties properties) {
        return properties.sharedDirectory().resolve("awaited");
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
