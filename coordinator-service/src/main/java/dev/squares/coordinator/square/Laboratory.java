package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** What is for a classroom and not for a public service: it shows addresses in memory. */
@Component
final class Laboratory {
    private final boolean on;
    private final int most;
    private final Semaphore places;

    Laboratory(SquaresProperties properties, ServerProperties server) {
        this.on = properties.lab().isOn(server.getAddress());
        // One worker is left for those who only want their squares, where there is more than one.
        this.most = Math.max(1, properties.worker().maxProcesses() - 1);
        this.places = new Semaphore(most);
    }

    boolean isOn() {
        return on;
    }

    /** A place in the lab, until it is closed. */
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Gives a request a place in the lab; null if it needs none.
     *
     * @throws ProblemException if the request asks for what is off, or all places are taken
     */
    @Nullable
    Place enter(Options options) {
        if (!options.explains()) {
            return null;
        }
        if (!on) {
            throw OptionNames.invalid(Options.EXPLAIN,
                    "The option \"explain\" belongs to the lab, which is off here: have squares.lab set to on.",
                    List.of(OptionNames.of(Options.Explain.FALSE)));
        }
        if (!places.tryAcquire()) {
            throw new ProblemException(ProblemType.NO_WORKER_AVAILABLE,
                    "As many jobs are being explained as may be at once: " + most + ".");
        }
        return places::release;
    }
}
