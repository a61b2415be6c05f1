package dev.squares.coordinator.square;

import dev.squares.coordinator.square.Options.Fault;
import dev.squares.coordinator.square.SharedMemoryLimit.Reservation;
import dev.squares.coordinator.workers.Workers;
import dev.squares.coordinator.workers.Workers.Lease;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.Evidence;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.SharedMemoryFullException;
import dev.squares.worker.parent.NoWorkerAvailableException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What happens on {@code POST /square}:
 *
 * <ol>
 *   <li>The list is written into a new mapped file while it is read from the client.
 *   <li>A worker process is taken, or several at once.
 *   <li>It maps the file, squares in it, and reports; the report is put aside. The worker is given back. Of several each does so with a
 *       slice of the list.
 *   <li>The parent looks at its own mapping, and the answer with both sides is written to the client.
 *   <li>The file is deleted, whatever happened.
 * </ol>
 *
 * <p>A worker is held in the third step alone: neither a slow sender nor a slow reader keeps it from others.
 *
 * <p>{@link Events} hears of every step. What it tells the client of them is its own matter.
 */
@Component
final class Experiment {
    private static final Logger LOG = LoggerFactory.getLogger(Experiment.class);

    private final SharedDirectory directory;
    private final SharedMemoryLimit memoryLimit;
    private final IntegerListReader reader;
    private final Workers workers;
    private final Jobs jobs;

    Experiment(
            SharedDirectory directory,
            SharedMemoryLimit memoryLimit,
            IntegerListReader reader,
            Workers workers,
            Jobs jobs) {
        this.directory = directory;
        this.memoryLimit = memoryLimit;
        this.reader = reader;
        this.workers = workers;
        this.jobs = jobs;
    }

    /**
     * Answers a request.
     *
     * @param body the request's, with the length that the request says
     * @throws ProblemException if there is no result to answer with
     * @throws ClientGoneException if the client has gone, and its job with it
     * @throws IOException if the client cannot be written to any more
     */
    void run(Options options, HttpServletRequest request, InputStream body, Stopwatch stopwatch, Events events)
            throws IOException, ClientGoneException {
        Path file = directory.newFile();
        try (Told _ = events::deleted; Reservation reservation = memoryLimit.reserve(file)) {
            receive(request, body, options, file, reservation);
            stopwatch.lap("receive");
            try (Told _ = events::unmapped;
                    ParentMapping memory = events.map(file);
                    Children children = children(options, request, stopwatch, events, file, memory, reservation)) {
                events.received(file, memory, stopwatch.toString());
                events.during(children::work);
                reservation.giveBackAside();
                events.result(new Answer(options, children.reports(), children.observe()), stopwatch.toString());
                stopwatch.lap("send");
            }
        } catch (SharedMemoryFullException e) {
            throw full(e);
        } catch (NoSuchFileException e) {
            throw SharedDirectory.gone(e);
        }
    }

    private void receive(HttpServletRequest request, InputStream body, Options options, Path file,
            Reservation reservation)
            throws IOException {
        try (MappedFileWriter list = new MappedFileWriter(file, reservation, options.slices())) {
            reader.read(body, request.getContentLengthLong(), list);
            if (options.explains() && list.count() > Evidence.MAX_COUNT) {
                throw Refusals.tooManyToExplain(Evidence.MAX_COUNT);
            }
            if (options.fault() == Fault.FULL) {
                reservation.endAPageShort();
            }
            // All of it before a worker is taken: a report that waited for room would hold one.
            list.complete(ReportBound.bytes(options.view(), options.slices(), list.count(), list.largest()));
        }
    }

    private Children children(Options options, HttpServletRequest request, Stopwatch stopwatch, Events events,
            Path file, ParentMapping memory, Reservation reservation) {
        Supplier<ReportText> texts = () -> new SpillBuffer(directory::openNamelessFile, reservation);
        return options.cooperates()
                ? new SeveralChildren(workers, jobs, options, request, stopwatch, events, file, memory, texts)
                : new OneChild(workers, jobs, options, request, stopwatch, events, file, memory, texts.get());
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

    /** Is told when what was opened after it has been closed. */
    @FunctionalInterface
    private interface Told extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
