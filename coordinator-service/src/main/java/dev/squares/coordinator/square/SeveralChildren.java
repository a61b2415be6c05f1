package dev.squares.coordinator.square;

import dev.squares.coordinator.workers.Workers;
import dev.squares.coordinator.workers.Workers.Lease;
import dev.squares.coordinator.workers.Workers.Team;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.tracing.Tracing;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Slice;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.parent.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Several children, each of which has a slice of the list. All are taken at once, and run at the same time. Where one fails, the others
 * are ended.
 */
final class SeveralChildren implements Children {
    private static final int ADDED_AT_A_TIME = 8192;

    private final Workers workers;
    private final Jobs jobs;
    private final Options options;
    private final HttpServletRequest request;
    private final Stopwatch stopwatch;
    private final Events events;
    private final Path file;
    private final ParentMapping memory;
    private final Supplier<ReportText> texts;
    /** Each is written by the thread of its child, and read when that has ended. */
    private final @Nullable Report[] reports;
    /** The number of the slice whose child was the first to fail. */
    private int failed;

    /** @param texts to keep the reports in */
    SeveralChildren(Workers workers, Jobs jobs, Options options, HttpServletRequest request, Stopwatch stopwatch,
            Events events, Path file, ParentMapping memory, Supplier<ReportText> texts) {
        this.workers = workers;
        this.jobs = jobs;
        this.options = options;
        this.request = request;
        this.stopwatch = stopwatch;
        this.events = events;
        this.file = file;
        this.memory = memory;
        this.texts = texts;
        this.reports = new Report[options.processes()];
        requireRoomForTheSum();
    }

    /** @throws ProblemException if the children could not add all squares to one number of 64 bits */
    private void requireRoomForTheSum() {
        if (!options.addsToOneSum()) {
            return;
        }
        try {
            long sum = 0;
            for (long from = 0; from < memory.count(); from += ADDED_AT_A_TIME) {
                int length = (int) Math.min(ADDED_AT_A_TIME, memory.count() - from);
                LongBuffer inputs = memory.inputs(from, length);
                for (int i = 0; i < length; i++) {
                    sum = Math.addExact(sum, inputs.get(i) * inputs.get(i));
                }
            }
        } catch (ArithmeticException e) {
            throw Refusals.sumTooLarge(e);
        }
    }

    @Override
    public void work() throws IOException, ClientGoneException {
        jobs.run(options, request, stopwatch, () -> new Team(workers.take(options.process(), options.processes())),
                this::runBy, this::addDetails);
    }

    /** How a child's job ended: with an outcome, or a failure of this process's own. */
    private record End(int number, @Nullable Outcome outcome, @Nullable Throwable failure) {
        boolean isGood() {
            return outcome instanceof Outcome.Reported;
        }
    }

    /** Returns when all have ended: with the outcome of the first that failed, if one has. */
    private Outcome runBy(Team team) throws IOException, InterruptedException {
        events.heldBy(team);
        List<Lease> running = new ArrayList<>(team.members());
        BlockingQueue<End> ends = new LinkedBlockingQueue<>();
        for (int i = 0; i < team.members().size(); i++) {
            Lease worker = team.members().get(i);
            events.taken(worker, options.process());
            start(worker, i, ends);
        }
        End firstToFail = null;
        boolean interrupted = false;
        for (int left = team.members().size(); left > 0;) {
            try {
                End end = ends.take();
                left--;
                running.remove(team.members().get(end.number));
                if (end.isGood()) {
                    events.reported(report(end.number));
                } else if (firstToFail == null) {
                    firstToFail = end;
                    running.forEach(Lease::cancel);
                }
            } catch (InterruptedException e) {
                interrupted = true;
                running.forEach(Lease::cancel);
            }
        }
        if (interrupted) {
            throw new InterruptedException("while children were at work");
        }
        return firstToFail == null ? new Outcome.Reported() : outcome(firstToFail);
    }

    private void start(Lease worker, int number, BlockingQueue<End> ends) {
        try {
            Thread.ofVirtual()
                    .name("slice-" + number)
                    .start(Tracing.carriedOn(() -> ends.add(runToEnd(worker, number))));
        } catch (Throwable e) {
            // No thread is to be had. Those that run are waited for all the same.
            ends.add(new End(number, null, e));
        }
    }

    private Outcome outcome(End end) throws IOException {
        failed = end.number;
        return switch (end.failure) {
            case null -> Objects.requireNonNull(end.outcome);
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(end.failure);
        };
    }

    private End runToEnd(Lease worker, int number) {
        try {
            return new End(number, run(worker, number), null);
        } catch (Throwable e) {
            return new End(number, null, e);
        }
    }

    /** Looks at a mapping of its own: what is mapped belongs to one thread. */
    private Outcome run(Lease worker, int number) throws IOException, InterruptedException {
        try (ParentMapping whole = ParentMapping.open(file)) {
            Report report = new Report(options.view(), whole.slice(number), texts.get(), null);
            reports[number] = report;
            Job job = new Job(file, options.ipc().mapping(), options.view(), new Slice(number, options.sum()));
            return worker.run(job, report.maxBytes(), report);
        }
    }

    private Report report(int number) {
        return Objects.requireNonNull(reports[number]);
    }

    private ProblemException addDetails(ProblemException problem) {
        Map<String, Long> slice = new LinkedHashMap<>();
        try {
            MappedFile its = memory.slice(failed);
            slice.put("from", its.from());
            slice.put("count", its.count());
        } catch (IOException e) {
            problem.addSuppressed(e);
        }
        return problem.with("slice", slice).with("written", memory.written());
    }

    @Override
    public List<Report> reports() {
        List<Report> all = new ArrayList<>();
        for (int i = 0; i < reports.length; i++) {
            all.add(report(i));
        }
        return all;
    }

    @Override
    public Observation observe() throws IOException {
        return Observation.of(options, memory, reports());
    }

    @Override
    public void close() throws IOException {
        for (Report report : reports) {
            if (report != null) {
                report.close();
            }
        }
    }
}
