package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.coordinator.workers.Workers;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.parent.InvalidReportException;
import dev.squares.worker.parent.NoMailboxException;
import dev.squares.worker.parent.ShortJob;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * What happens on {@code POST /square} with a short list, in place of {@link Experiment}:
 *
 * <ol>
 *   <li>The list is read on the heap.
 *   <li>A worker process is taken, together with others who have short lists.
 *   <li>The list is put into a slot of the worker's mailbox, which both have mapped since the worker started. The worker squares in it,
 *       and reports.
 *   <li>The parent looks at its own mapping, and the answer with both sides is made on the heap. The slot is cleared.
 *   <li>The answer is written to the client.
 * </ol>
 *
 * <p>So nothing of a client is held but its list and its answer, and no file is made, mapped and deleted for it.
 */
@Component
final class ShortExperiment {
    /** A job that has not begun is given to another worker when its worker ends: so often, for workers may end for ever. */
    private static final int MOST_TRIES = 3;

    private final Workers workers;
    private final Jobs jobs;
    private final SquaresProperties properties;

    ShortExperiment(Workers workers, Jobs jobs, SquaresProperties properties) {
        this.workers = workers;
        this.jobs = jobs;
        this.properties = properties;
    }

    /** Whether a request with these options is one, if its list is. */
    boolean takes(Options options, HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return !options.explains() && !options.cooperates() && length >= 0 && length <= ShortList.MAX_BYTES
                && workers.haveMailboxes();
    }

    /**
     * Reads the body.
     *
     * @throws ProblemException if it cannot be read
     */
    byte[] read(HttpServletRequest request) {
        try {
            return new LimitedBody(request.getInputStream(), ShortList.MAX_BYTES, properties.receiveTimeout(),
                    IllegalStateException::new).readNBytes(request.getContentLength());
        } catch (IOException e) {
            throw Refusals.brokenOff(e);
        }
    }

    /**
     * Answers a request.
     *
     * @return false if this list has to be squared in a file of its own
     * @throws ProblemException if there is no result to answer with
     * @throws ClientGoneException if the client has gone, and its job with it
     * @throws IOException if the client cannot be written to any more
     */
    boolean run(Options options, HttpServletRequest request, byte[] body, Stopwatch stopwatch, PlainAnswer answer)
            throws IOException, ClientGoneException {
        long[] list = ShortList.parse(body, properties.maxLength());
        if (list == null) {
            return false;
        }
        stopwatch.lap("receive");
        Squares squares = new Squares(options, list);
        try {
            int tries = 1;
            while (!jobs.run(options, request, stopwatch, () -> workers.takeForShortJob(options.process()),
                    worker -> worker.run(squares), problem -> problem.with("written", squares.written))) {
                if (tries++ == MOST_TRIES) {
                    throw new ProblemException(ProblemType.NO_WORKER_AVAILABLE,
                            "Workers have ended " + MOST_TRIES + " times before they began the job.");
                }
            }
        } catch (NoMailboxException e) {
            return false;
        }
        answer.send(squares.answer, stopwatch.toString());
        stopwatch.lap("send");
        return true;
    }

    private static final class Squares implements ShortJob {
        private static final int BESIDE_SQUARES = 256;
        private static final int BYTES_PER_SQUARE = 24;

        private final Options options;
        private final long[] list;
        private final ByteArrayOutputStream answer;
        private long written;

        Squares(Options options, long[] list) {
            this.options = options;
            this.list = list;
            this.answer = new ByteArrayOutputStream(BESIDE_SQUARES + BYTES_PER_SQUARE * list.length);
        }

        @Override
        public long[] list() {
            return list;
        }

        @Override
        public Mapping mapping() {
            return options.ipc().mapping();
        }

        @Override
        public View view() {
            return options.view();
        }

        @Override
        public void reported(MappedFile memory, InputStream message) throws IOException, InvalidReportException {
            try (Report report = new Report(options.view(), memory, new ReportText.OnHeap(), null)) {
                report.read(message);
                Observation observed = Observation.of(options.ipc(), memory, report);
                new Answer(options, List.of(report), observed).writeTo(answer);
                answer.write('\n');
            }
        }

        @Override
        public void ended(long squaresWritten) {
            written = squaresWritten;
        }
    }
}
