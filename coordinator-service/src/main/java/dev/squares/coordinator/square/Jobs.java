package dev.squares.coordinator.square;

import dev.squares.coordinator.workers.Workers.Held;
import dev.squares.service.client.ClientWatch;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.service.client.ClientWatch.Watched;
import dev.squares.service.problem.ProblemException;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import io.micrometer.core.instrument.LongTaskTimer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Has workers do jobs for clients: waits for a worker, watches the client, and says what went wrong. */
@Component
final class Jobs {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    private final ClientWatch clients;
    private final JobMeters meters;

    Jobs(ClientWatch clients, JobMeters meters) {
        this.clients = clients;
        this.meters = meters;
    }

    /** Takes a worker, or several. */
    @FunctionalInterface
    interface Taking<W extends Held> {
        W take() throws NoWorkerAvailableException, InterruptedException;
    }

    /** Has them do a job. */
    @FunctionalInterface
    interface Work<W extends Held> {
        Outcome runBy(W workers) throws IOException, InterruptedException;
    }

    /**
     * Runs a job. Returns whether it is done: it has to be done by another worker if not.
     *
     * @param addDetails adds to a problem how far the job had come, if there is no report
     * @throws ProblemException if there is no report
     * @throws ClientGoneException if the client has gone, and its job with it
     */
    <W extends Held> boolean run(
            Options options, HttpServletRequest request, Stopwatch stopwatch, Taking<W> workers, Work<W> work,
            UnaryOperator<ProblemException> addDetails)
            throws IOException, ClientGoneException {
        long start = System.nanoTime();
        LongTaskTimer.Sample active = meters.begin();
        String ending = "none";
        Watched client = clients.watch(request);
        try (client; W worker = workers.take()) {
            client.whenGone(worker::cancel);
            stopwatch.lap("wait");
            Outcome outcome = work.runBy(worker);
            stopwatch.lap("work");
            ending = client.isGone() ? "cancelled" : outcome.tag();
            client.requireThere();
            if (outcome instanceof Outcome.Displaced) {
                LOG.debug("A job is given to another worker: {}", outcome);
                return false;
            }
            ProblemException problem = ProblemException.of(outcome);
            if (problem != null) {
                LOG.warn("A job ended without its report: {}", outcome);
                throw addDetails.apply(problem);
            }
            return true;
        } catch (NoWorkerAvailableException e) {
            client.requireThere();
            throw ProblemException.of(e);
        } catch (InterruptedException e) {
            client.requireThere();
            throw ProblemException.of(e);
        } finally {
            active.stop();
            meters.ended(options, ending, System.nanoTime() - start);
        }
    }
}
