package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.coordinator.square.Options.Fault;
import dev.squares.coordinator.workers.Workers;
import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.Evidence;
import java.util.EnumSet;
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
    /** Few: neither of the processes that an orphan takes is one of the pool's. */
    private final Semaphore orphans = new Semaphore(1);
    private final List<Fault> faults;

    Laboratory(SquaresProperties properties, ServerProperties server, Workers workers) {
        this.on = properties.lab().isOn(server.getAddress()) && Evidence.canBeRead();
        // One worker is left for those who only want their squares, where there is more than one.
        this.most = Math.max(1, properties.worker().maxProcesses() - 1);
        this.places = new Semaphore(most);
        EnumSet<Fault> possible = EnumSet.complementOf(EnumSet.of(Fault.NONE));
        if (!workers.haveOrphans()) {
            possible.remove(Fault.ORPHAN);
        }
        this.faults = on ? List.copyOf(possible) : List.of();
    }

    boolean isOn() {
        return on;
    }

    /** What can be made to fail. */
    List<Fault> faults() {
        return faults;
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
                    "The option \"explain\" belongs to the lab, which is off here: have squares.lab set to on, on Linux.",
                    List.of(OptionNames.of(Options.Explain.FALSE)));
        }
        if (options.fault() != Fault.NONE && !faults.contains(options.fault())) {
            throw OptionNames.invalid(Options.FAULT,
                    "The fault \"" + OptionNames.of(options.fault())
                            + "\" is for a coordinator that forks its workers itself, and is not the init process.",
                    faults.stream().map(OptionNames::of).toList());
        }
        Place place = enter(places, most);
        if (options.fault() != Fault.ORPHAN) {
            return place;
        }
        try {
            Place second = enter(orphans, 1);
            return () -> {
                second.close();
                place.close();
            };
        } catch (ProblemException e) {
            place.close();
            throw e;
        }
    }

    private static Place enter(Semaphore places, int most) {
        if (!places.tryAcquire()) {
            throw new ProblemException(ProblemType.NO_WORKER_AVAILABLE,
                    "As many such jobs are being explained as may be at once: " + most + ".");
        }
        return places::release;
    }
}
