package dev.squares.coordinator.square;

import dev.squares.coordinator.workers.Workers.Lease;
import dev.squares.worker.memory.Job.Step;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.parent.InvalidReportException;
import dev.squares.worker.parent.StandIn.Adoption;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the child of an explained job says of itself, step by step, and what this process sees of itself in between: when all squares
 * have been published, and both have the file mapped.
 */
final class Explanation {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final JsonMapper JSON = new JsonMapper();

    private final ParentMapping memory;
    private final Events events;
    private final Options options;
    private @Nullable Lease worker;
    private @Nullable String child;
    private @Nullable String parent;

    Explanation(ParentMapping memory, Events events, Options options) {
        this.memory = memory;
        this.events = events;
        this.options = options;
    }

    /** Takes a step. The child waits at {@link Step#HALFWAY} and {@link Step#PUBLISHED} until this returns. */
    void step(Step step, String line) throws IOException, InvalidReportException {
        JsonNode said = parse(line);
        switch (step) {
            case MAPPED -> events.mapped(pid(said), evidence(said));
            case PROGRESS -> events.progress(number(said, "written"), memory.written(), text(said, "pages"));
            case HALFWAY -> fail(require(worker));
            case PUBLISHED -> {
                events.published(pid(said), evidence(said));
                parent = memory.evidence(ProcessHandle.current().pid()).json();
                hold(require(worker));
            }
            case LOOKED_AGAIN -> child = evidence(said);
        }
    }

    void heldBy(Lease worker) {
        this.worker = worker;
    }

    /** Does to a child that waits halfway what the request has asked for. One that is to hang goes on waiting. */
    private void fail(Lease worker) {
        switch (options.fault()) {
            case KILL -> worker.cancel();
            case ORPHAN -> {
                Adoption adoption = worker.orphan();
                if (adoption != null) {
                    events.orphaned(adoption);
                    hold(worker);
                }
                worker.cancel();
            }
            case NONE, FULL, HANG -> {
            }
        }
    }

    /** For anybody to look at the child. One that is killed meanwhile is held no longer, whoever has done it. */
    private void hold(Lease worker) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(options.holdSeconds()) && worker.isUsable()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** What the child has read of itself after the parent had touched its pages, as the text of a JSON object. */
    String child() {
        return require(child);
    }

    /** What the parent has read of itself before that. */
    String parent() {
        return require(parent);
    }

    private static <T> T require(@Nullable T known) {
        if (known == null) {
            throw new IllegalStateException("the child is not so far");
        }
        return known;
    }

    private static JsonNode parse(String line) throws InvalidReportException {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            throw new InvalidReportException("a step that is not JSON");
        }
    }

    private static long pid(JsonNode said) throws InvalidReportException {
        return number(said.path("evidence"), "pid");
    }

    /** Written anew: on one line, whatever came. */
    private static String evidence(JsonNode said) throws InvalidReportException {
        JsonNode evidence = said.path("evidence");
        if (!evidence.isObject()) {
            throw new InvalidReportException("a step without evidence");
        }
        return JSON.writeValueAsString(evidence);
    }

    private static long number(JsonNode said, String member) throws InvalidReportException {
        JsonNode number = said.path(member);
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw new InvalidReportException("a step without a number: " + member);
        }
        return number.longValue();
    }

    private static String text(JsonNode said, String member) throws InvalidReportException {
        JsonNode text = said.path(member);
        if (!text.isString()) {
            throw new InvalidReportException("a step without a text: " + member);
        }
        return text.stringValue();
    }
}
