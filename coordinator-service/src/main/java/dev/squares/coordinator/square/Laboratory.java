package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import java.util.List;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** What is for a classroom and not for a public service: it shows addresses in memory. */
@Component
final class Laboratory {
    private final boolean on;

    Laboratory(SquaresProperties properties, ServerProperties server) {
        this.on = properties.lab().isOn(server.getAddress());
    }

    boolean isOn() {
        return on;
    }

    /** @throws ProblemException if the request asks for what is off */
    void require(Options options) {
        if (options.explains() && !on) {
            throw OptionNames.invalid(Options.EXPLAIN,
                    "The option \"explain\" belongs to the lab, which is off here: have squares.lab set to on.",
                    List.of(OptionNames.of(Options.Explain.FALSE)));
        }
    }
}
