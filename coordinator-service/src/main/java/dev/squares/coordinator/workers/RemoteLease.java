package dev.squares.coordinator.workers;

import dev.squares.coordinator.workers.WorkerServiceClient.LeaseLocation;
import dev.squares.coordinator.workers.Workers.Lease;
import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.InvalidReportException;
import dev.squares.worker.parent.Outcome;
import dev.squares.worker.parent.ProcessKind;
import dev.squares.worker.parent.ReportReader;
import dev.squares.worker.parent.ReportStream;
import dev.squares.worker.parent.WorkerPool.Origin;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClientException;

/** A worker that worker-service has lent, for one job. */
final class RemoteLease implements Lease {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteLease.class);

    /** How often a job is given to another worker, each time because its lease had ended. */
    private static final int OTHERS = 5;

    private final WorkerServiceClient service;
    private final ProcessKind kind;
    /** Read by the thread that cancels, too. */
    private volatile LeaseLocation worker;
    /** Whether worker-service still takes the worker for held. */
    private boolean held = true;
    private volatile boolean cancelled;
    private Runnable replaced = () -> {};

    RemoteLease(WorkerServiceClient service, ProcessKind kind, LeaseLocation worker) {
        this.service = service;
        this.kind = kind;
        this.worker = worker;
    }

    /** One that cannot be asked after is none; the answer to its job says why. */
    @Override
    public boolean isUsable() {
        if (cancelled) {
            return false;
        }
        try {
            return service.state(worker).ending() == null;
        } catch (RestClientException e) {
            LOG.debug("A worker cannot be asked after", e);
            return false;
        }
    }

    @Override
    public void whenReplaced(Runnable told) {
        replaced = told;
    }

    @Override
    public Origin origin() {
        try {
            Origin origin = service.state(worker).origin();
            if (origin != null) {
                return origin;
            }
        } catch (RestClientException e) {
            LOG.debug("worker-service does not say where a worker comes from", e);
        }
        return new Origin(worker.pid(), null, null, null);
    }

    @Override
    public Outcome run(Job job, long maxReportBytes, ReportReader reader) throws IOException {
        ConvertibleClientHttpResponse answer;
        try {
            answer = send(JobRequest.of(job, maxReportBytes));
        } catch (RestClientException e) {
            LOG.warn("A job was not taken by worker-service: {}", e.toString());
            return lost("worker-service " + RemoteWorkers.reason(e));
        }
        try (answer; InputStream body = answer.getBody()) {
            return answer.getStatusCode().is2xxSuccessful()
                    ? read(job, body, maxReportBytes, reader)
                    : noReport(answer);
        }
    }

    /**
     * Gives the job to another worker where this one's lease ended first: on a machine that is busy, this process may stand still. One
     * that was cancelled before its job came has ended in the same way, and gets no other.
     */
    private ConvertibleClientHttpResponse send(JobRequest job) throws IOException {
        ConvertibleClientHttpResponse answer = service.square(worker, job);
        for (int i = 0; i < OTHERS && !cancelled && answer.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND); i++) {
            answer.close();
            worker = service.take(kind);
            if (cancelled) {
                // In this order: who cancels sees either this worker or the next look at that.
                kill();
            }
            replaced.run();
            answer = service.square(worker, job);
        }
        return answer;
    }

    /** Reads a report as from the child itself: it is whole if it has its line end. */
    private Outcome read(Job job, InputStream body, long maxReportBytes, ReportReader reader) throws IOException {
        InputStream line = new EndingWhereItBreaks(body);
        ReportStream report = new ReportStream(line, maxReportBytes);
        try {
            if (job.explained()) {
                report.readSteps(reader, () -> service.goOn(worker));
            }
            reader.read(report);
            report.finish();
            // Nothing follows but the end of the answer: only a connection on which that has been read is used again.
            line.readNBytes(1);
            held = false;
            return new Outcome.Reported();
        } catch (InvalidReportException e) {
            return lost("it sent something that is not a report");
        } catch (RestClientException e) {
            LOG.warn("A worker was not told to go on: {}", e.toString());
            return outcomeOr("worker-service could not be asked to go on");
        } catch (IOException e) {
            if (report.isSound()) {
                throw e;
            }
            return outcomeOr("its report broke off");
        }
    }

    private Outcome noReport(ConvertibleClientHttpResponse answer) throws IOException {
        Outcome outcome = outcomeOr("worker-service answered " + answer.getStatusCode().value());
        if (outcome instanceof Outcome.Lost) {
            LOG.warn("A job was refused by worker-service: {}", answer.createException().getMessage());
        }
        return outcome;
    }

    /** How worker-service says that the job ended. */
    private Outcome outcomeOr(String otherwise) {
        try {
            Outcome outcome = service.state(worker).outcome();
            if (outcome != null) {
                held = false;
                return outcome;
            }
        } catch (RestClientException e) {
            LOG.warn("The outcome of a job is not known to worker-service: {}", e.toString());
        }
        return lost(otherwise);
    }

    private Outcome lost(String problem) {
        return new Outcome.Lost(worker.pid(), problem);
    }

    @Override
    public void cancel() {
        cancelled = true;
        kill();
    }

    @Override
    public void close() {
        if (held) {
            kill();
        }
    }

    /** Nobody waits for what it does any more. */
    private void kill() {
        try {
            service.kill(worker);
        } catch (RestClientException e) {
            LOG.warn("A worker was not killed by worker-service: {}", e.toString());
        }
    }
}
