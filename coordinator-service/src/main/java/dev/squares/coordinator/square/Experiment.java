package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.coordinator.square.SharedMemoryLimit.Reservation;
import dev.squares.coordinator.workers.Workers;
import dev.squares.coordinator.workers.Workers.Lease;
import dev.squares.service.client.ClientWatch;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.service.client.ClientWatch.Watched;
import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.Quota;
import dev.squares.worker.memory.SharedMemoryFullException;
import dev.squares.worker.parent.NoWorkerAvailableException;
import dev.squares.worker.parent.Outcome;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.exc.JacksonIOException;

/**
 * What happens on {@code POST /square}:
 *
 * <ol>
 *   <li>The list is written into a new mapped file while it is read from the client.
 *   <li>A worker process is taken.
 *   <li>It maps the file, squares in it, and reports; the report is put aside. The worker is given back.
 *   <li>The parent looks at its own mapping, and the answer with both sides is written to the client.
 *   <li>The file is deleted, whatever happened.
 * </ol>
 *
 * <p>A worker is held in the third step alone: neither a slow sender nor a slow reader keeps it from others.
 */
@Component
final class Experiment {
    private static final Logger LOG = LoggerFactory.getLogger(Experiment.class);
    private static final String SERVER_TIMING = "Server-Timing";

    /** What Tomcat takes where it is told nothing. */
    private static final Duration TOMCATS_TIMEOUT = Duration.ofMinutes(1);

    private final SharedDirectory directory;
    private final SharedMemoryLimit memoryLimit;
    private final IntegerListReader reader;
    private final Workers workers;
    private final ClientWatch clients;
    private final DataSize minSendRate;
    private final Duration sendGrace;
    private final MeterRegistry meters;
    private final MeterProvider<Timer> jobs;
    private final LongTaskTimer activeJobs;

    Experiment(
            SharedDirectory directory,
            SharedMemoryLimit memoryLimit,
            IntegerListReader reader,
            Workers workers,
            ClientWatch clients,
            SquaresProperties properties,
            TomcatServerProperties tomcat,
            MeterRegistry meters) {
        this.directory = directory;
        this.memoryLimit = memoryLimit;
        this.reader = reader;
        this.workers = workers;
        this.clients = clients;
        this.minSendRate = properties.minSendRate();
        this.sendGrace = Objects.requireNonNullElse(tomcat.getConnectionTimeout(), TOMCATS_TIMEOUT);
        this.meters = meters;
        // Not an Observation: one is almost half of what a small request allocates, and nothing but these two hears of
        // it.
        this.jobs = Timer.builder("squares.job").withRegistry(meters);
        this.activeJobs = LongTaskTimer.builder("squares.job.active").register(meters);
    }

    /**
     * Answers a request.
     *
     * @throws ProblemException if there is no result to answer with; nothing has been written then
     * @throws ClientGoneException if the client has gone, and its job with it
     * @throws IOException if the client cannot be written to any more
     */
    void run(Options options, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ClientGoneException {
        Stopwatch stopwatch = new Stopwatch(meters);
        Path file = directory.newFile();
        try (Reservation reservation = memoryLimit.reserve(file)) {
            receive(request, options.view(), file, reservation);
            stopwatch.lap("receive");
            try (ParentMapping memory = ParentMapping.open(file);
                    Report report = new Report(options.view(), memory,
                            new SpillBuffer(directory::openNamelessFile, reservation))) {
                Job job = new Job(file, options.ipc().mapping(), options.view());
                work(options, request, job, memory, report, stopwatch);
                reservation.giveBackAside();
                response.setContentType(MediaType.APPLICATION_JSON_VALUE);
                response.setHeader(SERVER_TIMING, stopwatch.toString());
                Observation observed = Observation.of(options.ipc(), memory, report);
                send(new Answer(options, report, observed), response);
                stopwatch.lap("send");
            }
        } catch (SharedMemoryFullException e) {
            throw full(e);
        } catch (NoSuchFileException e) {
            throw SharedDirectory.gone(e);
        }
    }

    private void receive(HttpServletRequest request, View view, Path file, Quota reservation) throws IOException {
        try (MappedFileWriter list = new MappedFileWriter(file, reservation)) {
            reader.read(request.getInputStream(), request.getContentLengthLong(), list);
            // All of it before a worker is taken: a report that waited for room would hold one.
            list.complete(ReportBound.bytes(view, list.count(), list.largest()));
        }
    }

    private void work(
            Options options,
            HttpServletRequest request,
            Job job,
            ParentMapping memory,
            Report report,
            Stopwatch stopwatch)
            throws IOException, ClientGoneException {
        long start = System.nanoTime();
        LongTaskTimer.Sample active = activeJobs.start();
        String outcomeTag = "none";
        Watched client = clients.watch(request);
        try (client; Lease worker = workers.take(options.process())) {
            client.whenGone(worker::cancel);
            stopwatch.lap("wait");
            Outcome outcome = worker.run(job, report.maxBytes(), report);
            stopwatch.lap("work");
            outcomeTag = client.isGone() ? "cancelled" : outcome.tag();
            client.requireThere();
            ProblemException problem = ProblemException.of(outcome);
            if (problem != null) {
                LOG.warn("A job ended without its report: {}", outcome);
                throw problem.with("written", memory.written());
            }
        } catch (NoWorkerAvailableException e) {
            client.requireThere();
            throw ProblemException.of(e);
        } catch (InterruptedException e) {
            client.requireThere();
            throw ProblemException.of(e);
        } finally {
            active.stop();
            jobs.withTags(Tags.of(
                    "ipc", OptionNames.of(options.ipc()), "process", OptionNames.of(options.process()), "ending",
                    outcomeTag))
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private void send(Answer answer, HttpServletResponse response) throws IOException {
        OutputStream out = new SteadyStream(response.getOutputStream(), minSendRate, sendGrace, System::nanoTime);
        try {
            answer.writeTo(out);
        } catch (JacksonIOException e) {
            // Whoever handles it asks for what has happened to the connection.
            throw e.getCause();
        }
        // Here, and not where it is left: the client need not wait until all is tidy. Half an answer stays open.
        out.close();
    }

    private static ProblemException full(SharedMemoryFullException e) {
        LOG.warn("The shared directory is full: {}: {}", e.getMessage(), String.valueOf(e.getCause()));
        return new ProblemException(
                ProblemType.SHARED_MEMORY_FULL,
                "The list, its squares and their report need " + e.needed() + " bytes of shared memory. Only "
                        + e.available() + " could be had.",
                e)
                .with("needed", e.needed())
                .with("available", e.available());
    }

    /** The times between laps: metrics, and the value of a Server-Timing header in milliseconds, see the W3C's Server Timing. */
    private static final class Stopwatch {
        private static final double NANOS_PER_MICRO = 1e3;

        private final MeterRegistry meters;
        private final StringBuilder laps = new StringBuilder();
        private long last = System.nanoTime();

        Stopwatch(MeterRegistry meters) {
            this.meters = meters;
        }

        void lap(String name) {
            long now = System.nanoTime();
            meters.timer("squares.step", "step", name).record(now - last, TimeUnit.NANOSECONDS);
            double millis = Math.round((now - last) / NANOS_PER_MICRO) / 1e3;
            laps.append(laps.isEmpty() ? "" : ", ").append(name).append(";dur=").append(millis);
            last = now;
        }

        @Override
        public String toString() {
            return laps.toString();
        }
    }
}
