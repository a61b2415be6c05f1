package dev.squares.coordinator.square;

import dev.squares.coordinator.workers.Workers.Held;
import dev.squares.coordinator.workers.Workers.Lease;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.parent.ProcessKind;
import dev.squares.worker.parent.StandIn.Adoption;
import dev.squares.worker.parent.WorkerPool.Origin;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.CloseNowException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Tells every step of a request in the moment it is taken, as server-sent events. All that is written to the client is written by the
 * thread that serves the request: while another thread does the work, this one writes what that one puts into the queue, looks
 * how far the child has come, and sees to it that a client that has gone is noticed.
 *
 * <p>From the received list on the status is 200, and a problem is an event. The last event is {@code end}: a stream without was cut.
 */
final class EventStream implements Events {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final String PARENT = "parent";
    private static final String CHILD = "child";
    private static final String EVIDENCE = "evidence";
    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(EventQueue.LOOK_MILLIS);
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MICROS_PER_MILLI = 1e3;

    private final Options options;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final SendRate rate;
    private final long start = System.nanoTime();
    private final EventQueue queue = new EventQueue(this::millis);
    private @Nullable EventWriter out;
    private @Nullable ParentMapping memory;
    private long seen;
    private long lastProgress = Long.MIN_VALUE;
    private String outcome = "result";
    /** A problem that the client has been told. */
    private @Nullable ProblemException told;

    EventStream(Options options, HttpServletRequest request, HttpServletResponse response, SendRate rate) {
        this.options = options;
        this.request = request;
        this.response = response;
        this.rate = rate;
    }

    /** For two threads: one looks while the other holds the report against it. */
    @Override
    public ParentMapping map(Path file) throws IOException {
        return ParentMapping.openForThreads(file);
    }

    @Override
    public void received(Path file, ParentMapping memory, String timing) throws IOException {
        this.memory = memory;
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // Some proxies would keep the events until there are many.
        response.setHeader("X-Accel-Buffering", "no");
        response.setHeader(PlainAnswer.SERVER_TIMING, timing);
        out = new EventWriter(response);
        EventText received = new EventText("received", PARENT)
                .with("pid", ProcessHandle.current().pid())
                .with("count", memory.count());
        FileIdentity identity = FileIdentity.of(file);
        write(identity == null ? received : received.withJson("file", identity.json()));
    }

    @Override
    public void during(Work work) throws IOException, ClientGoneException {
        try {
            queue.during(work, event -> open(out).write(event), this::look);
        } catch (ProblemException e) {
            tell(e);
            throw e;
        }
    }

    /** Tells how far the child has come, as far as the parent sees it; where there is nothing new, now and then that this one is there. */
    private void look() throws IOException {
        ParentMapping mapping = open(memory);
        long written = mapping.written();
        // The child of an explained job says itself how far it is.
        if (written == seen || options.explains()) {
            open(out).stayInTouch();
            return;
        }
        EventText progress = new EventText("progress", PARENT).with("parentSees", written);
        if (options.cooperates()) {
            progress.withJson("slices", writtenInSlices(mapping));
        }
        if (options.addsToOneSum()) {
            progress.with("sum", mapping.sharedSum());
        }
        if (queue.isNext(progress)) {
            seen = written;
            open(out).write(progress);
        }
    }

    private static String writtenInSlices(ParentMapping mapping) throws IOException {
        StringJoiner slices = new StringJoiner(",", "[", "]");
        for (int i = 0; i < mapping.slices(); i++) {
            slices.add(Long.toString(mapping.slice(i).written()));
        }
        return slices.toString();
    }

    @Override
    public void heldBy(Held workers) {
        queue.heldBy(workers);
    }

    @Override
    public void taken(Lease worker, ProcessKind process) {
        worker.whenReplaced(() -> tellTaken(worker.origin(), process));
        tellTaken(worker.origin(), process);
    }

    private void tellTaken(Origin origin, ProcessKind process) {
        queue.add(new EventText("taken", PARENT)
                .with("pid", origin.pid())
                .withKnown("ppid", origin.ppid())
                .with("process", OptionNames.of(process))
                .withKnown("forkedMillisAgo", origin.forkedMillisAgo())
                .with("pidNamespace", origin.pidNamespace()));
    }

    @Override
    public void mapped(long pid, String evidence) {
        queue.add(new EventText("mapped", CHILD).with("pid", pid).withJson(EVIDENCE, evidence));
    }

    @Override
    public void progress(long childWrote, long parentSees, String pages) {
        long now = System.nanoTime();
        if (lastProgress != Long.MIN_VALUE && now - lastProgress < PROGRESS_NANOS) {
            return;
        }
        lastProgress = now;
        queue.add(new EventText("progress", CHILD)
                .with("childWrote", childWrote)
                .with("parentSees", parentSees)
                .with("pages", pages));
    }

    @Override
    public void published(long pid, String evidence) {
        queue.add(new EventText("published", CHILD).with("pid", pid).withJson(EVIDENCE, evidence));
    }

    @Override
    public void orphaned(Adoption adoption) {
        queue.add(new EventText("orphaned", PARENT)
                .with("pid", adoption.pid())
                .with("ppid", adoption.ppid())
                .with("adoptedBy", adoption.adoptedBy()));
    }

    @Override
    public void reported(Report report) {
        EventText reported = new EventText("reported", CHILD)
                .with("pid", report.pid())
                .withKnown("from", options.cooperates() ? report.from() : null)
                .with("count", report.count())
                .with("sum", report.sum());
        Explanation explanation = report.explanation();
        queue.add(explanation == null ? reported : reported.withJson(EVIDENCE, explanation.child()));
    }

    @Override
    public void result(Answer answer, String timing) throws IOException {
        Observation observed = answer.observed();
        EventText looked = new EventText("observed", PARENT)
                .with("where", observed.where())
                .with("count", observed.count())
                .with("sum", observed.sum());
        if (options.addsToOneSum()) {
            looked.with("lostUpdates", observed.lostUpdates());
        }
        Explanation explanation = answer.explanation();
        write(explanation == null ? looked : looked.withJson(EVIDENCE, explanation.parent()));
        EventText result = new EventText("result", PARENT);
        result.at(millis());
        open(out).write(result, "answer", answer::writeTo, rate);
    }

    @Override
    public void unmapped() throws IOException {
        if (out != null) {
            memory = null;
            write(new EventText("unmapped", PARENT));
        }
    }

    @Override
    public void deleted() throws IOException {
        if (out != null) {
            write(new EventText("deleted", PARENT));
        }
    }

    /** Ends the stream. */
    void end() throws IOException {
        write(new EventText("end", PARENT).with("outcome", outcome));
        open(out).close();
    }

    /**
     * Ends the stream, after the client has been told what has happened.
     *
     * @throws Exception the same, if the client has been told nothing so far, or has gone
     */
    void end(Exception e) throws Exception {
        if (out == null || out.isBroken() || e instanceof ClientGoneException || e instanceof ClientAbortException
                || e instanceof CloseNowException) {
            throw e;
        }
        if (e instanceof ProblemException problem) {
            tell(problem);
        } else {
            LOG.error("A request failed for a reason that should not happen", e);
            problem(ProblemException.unexpectedJson(request.getRequestURI()));
        }
        end();
    }

    private void tell(ProblemException e) throws IOException {
        if (told != e) {
            told = e;
            problem(e.json(request.getRequestURI()));
        }
    }

    private void problem(String json) throws IOException {
        outcome = "problem";
        write(new EventText("problem", PARENT).withJson("problem", json));
    }

    private double millis() {
        return Math.round((System.nanoTime() - start) / NANOS_PER_MICRO) / MICROS_PER_MILLI;
    }

    /** One that happens now, and in this thread: while another works, events come through the queue. */
    private void write(EventText event) throws IOException {
        event.at(millis());
        open(out).write(event);
    }

    /** What there is from the received list on. */
    private static <T> T open(@Nullable T stream) {
        if (stream == null) {
            throw new IllegalStateException("the list has not been received");
        }
        return stream;
    }
}
