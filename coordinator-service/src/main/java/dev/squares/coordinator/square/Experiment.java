package dev.squares.coordinator.square;

import dev.squares.coordinator.problem.ProblemException;
import dev.squares.coordinator.problem.ProblemType;
import dev.squares.coordinator.workers.Workers;
import dev.squares.coordinator.workers.Workers.HeldWorker;
import dev.squares.worker.fork.Ending;
import dev.squares.worker.fork.NoWorkerAvailableException;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.SharedMemoryFullException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

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

    private final SharedDirectory directory;
    private final IntegerListReader reader;
    private final Workers workers;

    Experiment(SharedDirectory directory, IntegerListReader reader, Workers workers) {
        this.directory = directory;
        this.reader = reader;
        this.workers = workers;
    }

    /**
     * Answers a request.
     *
     * @throws ProblemException if there is no result to answer with; nothing has been written then
     * @throws IOException if the client cannot be written to any more
     */
    void run(Options options, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Path file = directory.newFile();
        try {
            Stopwatch stopwatch = new Stopwatch();
            receive(request, file);
            stopwatch.lap("receive");
            try (MappedFile memory = MappedFile.openToRead(file);
                    Report report = new Report(options.view(), memory, directory)) {
                work(options, file, memory, report, stopwatch);
                response.setContentType(MediaType.APPLICATION_JSON_VALUE);
                response.setHeader(SERVER_TIMING, stopwatch.toString());
                new Answer(options, report, memory).writeTo(response.getOutputStream());
            }
        } catch (SharedMemoryFullException e) {
            throw full(e);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void receive(HttpServletRequest request, Path file) throws IOException {
        try (MappedFileWriter list = new MappedFileWriter(file)) {
            reader.read(request.getInputStream(), request.getContentLengthLong(), list);
            list.complete();
        }
    }

    private void work(Options options, Path file, MappedFile memory, Report report, Stopwatch stopwatch)
            throws IOException {
        Job job = new Job(file, options.ipc().mapping(), options.view());
        try (HeldWorker worker = workers.take(options.process())) {
            stopwatch.lap("wait");
            switch (worker.run(job, report.maxBytes(), report)) {
                case Ending.Reported() -> stopwatch.lap("work");
                case Ending.Crashed(Ending.Death death) -> throw crashed(death, memory, "ended without its report");
                case Ending.Garbled(Ending.Death death, String problem) -> {
                    LOG.warn("A report was garbled: {}", problem);
                    throw crashed(death, memory, "sent something that is not a report");
                }
                case Ending.TimedOut timedOut -> throw timedOut(timedOut, memory);
            }
        } catch (NoWorkerAvailableException e) {
            throw new ProblemException(ProblemType.NO_WORKER_AVAILABLE,
                    "No worker could be had: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemType.NO_WORKER_AVAILABLE, "The service is stopping.", e);
        }
    }

    private static ProblemException crashed(Ending.Death death, MappedFile memory, String what) {
        LOG.warn("A worker crashed: {}", death);
        return new ProblemException(ProblemType.WORKER_CRASHED, "The worker process " + death.pid() + " " + what + ": "
                + death.exitStatus() + ".")
                .with("pid", death.pid())
                .with("exitCode", death.exitStatus().code())
                .with("signal", death.exitStatus().signal())
                .with("written", memory.written());
    }

    private static ProblemException timedOut(Ending.TimedOut ending, MappedFile memory) {
        LOG.warn("A worker was killed at its deadline: {}", ending.death());
        return new ProblemException(
                ProblemType.WORKER_TIMED_OUT,
                "The worker process " + ending.death().pid() + " did not report within " + ending.timeout().toMillis()
                        + " ms and was killed.")
                .with("pid", ending.death().pid())
                .with("written", memory.written());
    }

    private static ProblemException full(SharedMemoryFullException e) {
        LOG.warn("The shared directory is full", e);
        return new ProblemException(
                ProblemType.SHARED_MEMORY_FULL,
                "The list needs " + e.needed() + " bytes in the shared directory, which has " + e.available()
                        + " left.",
                e)
                .with("needed", e.needed())
                .with("available", e.available());
    }

    /** The times between laps, as the value of a Server-Timing header: milliseconds, see the W3C's Server Timing. */
    private static final class Stopwatch {
        private static final double NANOS_PER_MICRO = 1e3;

        private final StringBuilder laps = new StringBuilder();
        private long last = System.nanoTime();

        void lap(String name) {
            long now = System.nanoTime();
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
