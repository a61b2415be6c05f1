package dev.squares.workerservice;

import dev.squares.service.client.ClientWatch;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.service.client.ClientWatch.Watched;
import dev.squares.service.problem.ProblemException;
import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import io.swagger.v3.oas.annotations.Operation;
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

/** Lends worker processes: a client takes one, gives it its job, and reads the report while the child writes it. */
@RestController
@RequestMapping("/workers")
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
    @Operation(summary = "Says whether workers can be had")
    @ApiResponse(responseCode = "204", description = "They can")
    @ApiResponse(responseCode = "503", ref = WorkerServiceApi.PROBLEM)
    ResponseEntity<Void> ready() {
        if (!workers.ready()) {
            throw ProblemException.of(new NoWorkerAvailableException("none stands ready"));
        }
        return ResponseEntity.noContent().build();
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Takes a worker process, or several, each for one job",
            description = "Waits if there are not so many: several are taken all at once, or none is. A worker that is not given its job within "
                    + "`squares.lease-timeout` is given back.")
    @ApiResponse(responseCode = "201",
            description = "Taken, until its job ends. The address in `Location` is that of this very instance.")
    @ApiResponse(responseCode = "400", ref = WorkerServiceApi.PROBLEM)
    @ApiResponse(responseCode = "503", ref = WorkerServiceApi.PROBLEM)
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
    @Operation(summary = "Gives a worker its job, and answers with its report",
            description = "The report is sent while the child writes it: one line, whole only if it has its line end. "
                    + "Where the child ends in the middle of it, the connection is closed, and `GET /workers/{id}` "
                    + "says why. However the job ends, the worker is given back. In front of the report of an explained "
                    + "job there are its steps, one on a line. At the one that is called `published` the child waits until "
                    + "`POST /workers/{id}/word`.")
    @ApiResponse(responseCode = "200", description = "What the child reported, to the letter",
            content = @Content(schema = @Schema(type = "object",
                    example = "{\"pid\":4242,\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}")))
    @ApiResponse(responseCode = "400", ref = WorkerServiceApi.PROBLEM)
    @ApiResponse(responseCode = "404", ref = WorkerServiceApi.PROBLEM)
    @ApiResponse(responseCode = "409", ref = WorkerServiceApi.PROBLEM)
    @ApiResponse(responseCode = "422", ref = WorkerServiceApi.PROBLEM)
    @ApiResponse(responseCode = "502", ref = WorkerServiceApi.PROBLEM)
    @ApiResponse(responseCode = "504", ref = WorkerServiceApi.PROBLEM)
    void square(
            @PathVariable String id,
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
    @Operation(summary = "Has a worker on an explained job go on",
            description = "To its report, when it waits after all squares have been published, or will.")
    @ApiResponse(responseCode = "204", description = "It goes on")
    @ApiResponse(responseCode = "404", ref = WorkerServiceApi.PROBLEM)
    ResponseEntity<Void> goOn(@PathVariable String id) {
        workers.giveWord(id);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/{id}")
    @Operation(summary = "Says how it stands with a worker",
            description = "One that is held, or whose job ended a short while ago without its report.")
    @ApiResponse(responseCode = "200", description = "Held, or ended")
    @ApiResponse(responseCode = "404", ref = WorkerServiceApi.PROBLEM)
    LeaseState state(@PathVariable String id) {
        return workers.state(id);
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Kills a worker that is held",
            description = "Also in the middle of its job. One that is not held needs nothing.")
    @ApiResponse(responseCode = "204", description = "It is not held any more, or is about to end")
    ResponseEntity<Void> kill(@PathVariable String id) {
        workers.kill(id);
        return ResponseEntity.noContent().build();
    }
}
