package dev.squares.workerservice;

import static dev.squares.workerservice.WorkerServiceApi.PROBLEM;

import dev.squares.service.client.ClientWatch;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.service.client.ClientWatch.Watched;
import dev.squares.service.problem.ProblemException;
import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.apache.coyote.CloseNowException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lends worker processes: a client takes one, gives it its job, and reads the report while the child writes it. What all of it means
 * is in {@code openapi.yaml}; the annotations are compared with that.
 */
@RestController
@RequestMapping("/workers")
// Of what is refused in front of it, or should not happen.
@ApiResponse(responseCode = "401", ref = PROBLEM)
@ApiResponse(responseCode = "403", ref = PROBLEM)
@ApiResponse(responseCode = "421", ref = PROBLEM)
@ApiResponse(responseCode = "500", ref = PROBLEM)
final class WorkersController {
    private static final Logger LOG = LoggerFactory.getLogger(WorkersController.class);

    private final Leases workers;
    private final ClientWatch clients;
    private final Path sharedDirectory;
    private final int maxProcesses;

    WorkersController(Leases workers, ClientWatch clients, ServiceProperties properties) {
        this.workers = workers;
        this.clients = clients;
        this.sharedDirectory = properties.sharedDirectory();
        this.maxProcesses = properties.worker().maxProcesses();
    }

    @GetMapping
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "503", ref = PROBLEM)
    ResponseEntity<Void> ready() {
        if (!workers.ready()) {
            throw ProblemException.of(new NoWorkerAvailableException("none stands ready"));
        }
        return ResponseEntity.noContent().build();
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "400", ref = PROBLEM)
    @ApiResponse(responseCode = "406", ref = PROBLEM)
    @ApiResponse(responseCode = "415", ref = PROBLEM)
    @ApiResponse(responseCode = "503", ref = PROBLEM)
    ResponseEntity<LeaseGrant> take(@RequestBody LeaseRequest order, HttpServletRequest request)
            throws ClientGoneException {
        Watched client = clients.watch(request);
        try (client) {
            LeaseGrant taken = workers.take(order.kind(), order.count(maxProcesses));
            return ResponseEntity.created(address(request, taken)).body(taken);
        } catch (NoWorkerAvailableException e) {
            throw ProblemException.of(e);
        } catch (InterruptedException e) {
            client.requireThere();
            throw ProblemException.of(e);
        }
    }

    /** Its address on this very instance: the name that the client has may be one for several. */
    private static URI address(HttpServletRequest request, LeaseGrant taken) {
        try {
            return new URI(request.getScheme(), null, request.getLocalAddr(), request.getLocalPort(),
                    "/workers/" + taken.id(), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @PostMapping(path = "/{id}/square", consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(type = "object")))
    @ApiResponse(responseCode = "400", ref = PROBLEM)
    @ApiResponse(responseCode = "404", ref = PROBLEM)
    @ApiResponse(responseCode = "406", ref = PROBLEM)
    @ApiResponse(responseCode = "409", ref = PROBLEM)
    @ApiResponse(responseCode = "415", ref = PROBLEM)
    @ApiResponse(responseCode = "422", ref = PROBLEM)
    @ApiResponse(responseCode = "502", ref = PROBLEM)
    @ApiResponse(responseCode = "503", ref = PROBLEM)
    @ApiResponse(responseCode = "504", ref = PROBLEM)
    void square(
            @PathVariable @Schema(format = "uuid") String id,
            @RequestBody JobRequest order,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, ClientGoneException {
        Job job = order.in(sharedDirectory);
        Outcome outcome;
        try (Watched client = clients.watch(request)) {
            client.whenGone(() -> workers.kill(id));
            outcome = workers.run(id, job, order.maxReportBytes(),
                    new PassingOn(job, order.maxReportBytes(), response, () -> workers.awaitWord(id)));
            client.requireThere();
        } catch (InterruptedException e) {
            throw ProblemException.of(e);
        }
        ProblemException problem = ProblemException.of(outcome);
        if (problem == null) {
            response.getOutputStream().write('\n');
            return;
        }
        LOG.warn("A job ended without its report: {}", outcome);
        if (response.isCommitted()) {
            throw new CloseNowException("half a report has been sent");
        }
        response.reset();
        throw problem;
    }

    @PostMapping("/{id}/word")
    @ApiResponse(responseCode = "204")
    @ApiResponse(responseCode = "404", ref = PROBLEM)
    ResponseEntity<Void> goOn(@PathVariable @Schema(format = "uuid") String id) {
        workers.giveWord(id);
        return ResponseEntity.noContent().build();
    }

    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", ref = PROBLEM)
    @ApiResponse(responseCode = "406", ref = PROBLEM)
    LeaseState state(@PathVariable @Schema(format = "uuid") String id) {
        return workers.state(id);
    }

    @DeleteMapping("/{id}")
    @ApiResponse(responseCode = "204")
    ResponseEntity<Void> kill(@PathVariable @Schema(format = "uuid") String id) {
        workers.kill(id);
        return ResponseEntity.noContent().build();
    }
}
