package dev.squares.coordinator;

import dev.squares.worker.child.MisbehavingWorker;
import dev.squares.worker.child.Misbehaviour;
import dev.squares.worker.parent.WorkerPool.CommandSource;
import dev.squares.worker.testing.MisbehavingCommand;
import java.nio.file.Path;
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
        return startedFor -> MisbehavingCommand.inPlaceOf(real.command(startedFor), awaitedFile(properties).toString());
    }

    /** What {@link Misbehaviour#WAIT_FOR_THE_TEST} waits for. */
    static Path awaitedFile(SquaresProperties properties) {
        return properties.sharedDirectory().resolve("awaited");
    }
}
