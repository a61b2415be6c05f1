package dev.squares.coordinator.square;

import dev.squares.coordinator.square.Options.Fault;
import dev.squares.coordinator.workers.Workers;
import dev.squares.coordinator.workers.Workers.Lease;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A child that has the whole list. */
final class OneChild implements Children {
    private final Workers workers;
    private final Jobs jobs;
    private final Options options;
    private final HttpServletRequest request;
    private final Stopwatch stopwatch;
    private final Events events;
    private final ParentMapping memory;
    private final Job job;
    private final @Nullable Explanation explanation;
    private final Report report;

    /** @param text to keep the report in */
    OneChild(Workers workers, Jobs jobs, Options options, HttpServletRequest request, Stopwatch stopwatch,
            Events events,
            Path file, ParentMapping memory, ReportText text) {
        this.workers = workers;
        this.jobs = jobs;
        this.options = options;
        this.request = request;
        this.stopwatch = stopwatch;
        this.events = events;
        this.memory = memory;
        this.job = new Job(file, options.ipc().mapping(), options.view(), options.explains(), options.paceMillis(),
                options.stopsHalfway(), null);
        this.explanation = options.explains() ? new Explanation(memory, events, options) : null;
        this.report = new Report(options.view(), memory, text, explanation);
    }

    @Override
    public void work() throws IOException, ClientGoneException {
        jobs.run(options, request, stopwatch, this::take, this::runBy,
                problem -> problem.with("written", memory.written()));
        events.reported(report);
    }

    private Lease take() throws NoWorkerAvailableException, InterruptedException {
        return options.fault() == Fault.ORPHAN ? workers.takeOrphan() : workers.take(options.process());
    }

    private Outcome runBy(Lease worker) throws IOException, InterruptedException {
        if (explanation != null) {
            explanation.heldBy(worker);
        }
        events.heldBy(worker);
        events.taken(worker, options.process());
        return worker.run(job, report.maxBytes(), report);
    }

    @Override
    public List<Report> reports() {
        return List.of(report);
    }

    @Override
    public Observation observe() {
        return Observation.of(options.ipc(), memory, report);
    }

    @Override
    public void close() throws IOException {
        report.close();
    }
}
