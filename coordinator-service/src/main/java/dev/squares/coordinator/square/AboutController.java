package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.coordinator.workers.Workers;
import dev.squares.service.problem.OptionNames;
import dev.squares.worker.memory.Evidence;
import java.io.IOException;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /about}: what a page must know of the service before it asks for anything. */
@RestController
final class AboutController {
    private final About about;

    AboutController(Laboratory lab, Workers workers, SquaresProperties squares, ObjectProvider<BuildProperties> build)
            throws IOException {
        BuildProperties properties = build.getIfAvailable();
        String version = properties == null ? null : properties.getVersion();
        this.about = new About(
                version == null ? "unknown" : version,
                lab.isOn(),
                lab.faults().stream().map(OptionNames::of).toList(),
                Evidence.MAX_COUNT,
                Evidence.pageSize(),
                squares.worker().maxProcesses(),
                workers.place(),
                ProcessHandle.current().pid());
    }

    /**
     * @param version of the service
     * @param lab whether it is on
     * @param faults what can be made to fail
     * @param explainMaxLength the longest list that is explained
     * @param pageBytes the size of a page of memory
     * @param maxProcesses the most children that one request can have
     * @param workers "own" or "worker-service"
     * @param pid this process
     */
    record About(
        String version,
        boolean lab,
        List<String> faults,
        int explainMaxLength,
        int pageBytes,
        int maxProcesses,
        String workers,
        long pid
    ) {}

    @GetMapping(path = "/about", produces = MediaType.APPLICATION_JSON_VALUE)
    About about() {
        return about;
    }
}
