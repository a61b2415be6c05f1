package dev.squares.coordinator;

import dev.squares.worker.child.MisbehavingWorker;
import dev.squares.worker.child.Misbehaviour;
import dev.squares.worker.parent.WorkerCommand;
import dev.squares.worker.parent.WorkerPool.CommandSource;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;

/** Has a coordinator fork {@link MisbehavingWorker}s, as it forks the real ones, which have fewer classes and another main. */
@TestConfiguration(proxyBeanMethods = false)
class MisbehavingWorkers {
    /** @param real only asked for where there are some: worker-service has them in place of the coordinator beside it */
    @Bean
    @Primary
    CommandSource misbehavingWorkers(
            @Lazy @Qualifier("workerCommands") CommandSource real, SquaresProperties properties) {
        return startedFor -> {
            List<String> arguments = new ArrayList<>(real.command(startedFor).arguments());
            arguments.removeLast();
            // Behind the worker's own: an AOT cache is for a class path that begins with these.
            arguments.add(arguments.removeLast() + File.pathSeparator + location(MisbehavingWorker.class));
            arguments.add(MisbehavingWorker.class.getName());
            arguments.add(awaitedFile(properties).toString());
            arguments.add(1, "-XX:TieredStopAtLevel=1");
            return new WorkerCommand(arguments);
        };
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
