package dev.squares.worker.parent;

import dev.squares.worker.memory.Job.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One line of a child's standard output, as a stream that ends where the line does. A child that has said its line says no
 * more until its next job: whatever follows the line's end at once is not a report's.
 */
public final class ReportStream extends InputStream {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;
    private static final long LINE_ENDS = '\n' * LOWEST_BITS;

    /** Much more than a line of 256 pages with the longest of paths. */
    private static final int MAX_STEP_BYTES = 32 * 1024;

    private final InputStream stdout;
    private final long limit;
    private long length;
    private State state = State.OPEN;

    /** Gives the child the parent's word, where it waits for that. */
    @FunctionalInterface
    public interface GoOn {
        /** @throws IOException if the child cannot be told */
        void say() throws IOException;
    }

    private enum State {
        OPEN,
        COMPLETE,
        ENDED_EARLY,
        GARBLED
    }

    /** @param limit the most bytes that the line may have */
    public ReportStream(InputStream stdout, long limit) {
        this.stdout = stdout;
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) == -1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int wanted) throws IOException {
        if (state == State.COMPLETE) {
            return -1;
        }
        if (wanted == 0) {
            return 0;
        }
        int got = stdout.read(to, offset, wanted);
        if (got == -1) {
            throw failed(State.ENDED_EARLY, "standard output ended after " + length + " bytes of a report");
        }
        int end = indexOfLineEnd(to, offset, got);
        length += end;
        if (length > limit) {
            throw failed(State.GARBLED, "the report is longer than " + limit + " bytes");
        }
        if (end == got) {
            return got;
        }
        if (end < got - 1) {
            throw failed(State.GARBLED, "something follows the report");
        }
        state = State.COMPLETE;
        return end == 0 ? -1 : end;
    }

    /**
     * To be called before the job is sent.
     *
     * @throws InvalidReportException if the child has spoken without being asked
     */
    void requireSilence() throws IOException, InvalidReportException {
        if (stdout.available() > 0) {
            throw new InvalidReportException("something was written before the job was given");
        }
    }

    /**
     * Reads the steps that come before the report of an explained job.
     *
     * @param goOn called when all is published
     */
    public void readSteps(ReportReader reader, GoOn goOn) throws IOException, InvalidReportException {
        Step last = Step.MAPPED;
        do {
            String line = readStep();
            Step step = Step.of(line);
            if (step == null || step.compareTo(last) < 0) {
                throw new InvalidReportException("no step that comes next");
            }
            reader.step(step, line);
            if (step == Step.PUBLISHED) {
                goOn.say();
            }
            last = step;
        } while (last != Step.LOOKED_AGAIN);
    }

    /** A byte at a time: more could be the report's. */
    private String readStep() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = stdout.read(); next != '\n'; next = stdout.read()) {
            if (next == -1) {
                throw failed(State.ENDED_EARLY, "standard output ended in a step");
            }
            if (line.size() == MAX_STEP_BYTES) {
                throw failed(State.GARBLED, "the step is longer than " + MAX_STEP_BYTES + " bytes");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Reads to the line's end what the reader has left of it. */
    public void finish() throws IOException {
        byte[] rest = new byte[64];
        int got = 0;
        while (got != -1) {
            got = read(rest, 0, rest.length);
        }
    }

    private IOException failed(State how, String message) {
        state = how;
        return new IOException(message);
    }

    /** The length if there is none. A word at a time: this looks at every byte of a report. */
    static int indexOfLineEnd(byte[] bytes, int offset, int length) {
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            long word = (long) WORD.get(bytes, offset + at) ^ LINE_ENDS;
            // The lowest byte that is now zero is the lowest whose highest bit is set here.
            long zeros = word - LOWEST_BITS & ~word & HIGHEST_BITS;
            if (zeros != 0) {
                return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        while (at < length && bytes[offset + at] != '\n') {
            at++;
        }
        return at;
    }

    /** Whether nothing is wrong with what has been read so far. */
    public boolean isSound() {
        return state == State.OPEN || state == State.COMPLETE;
    }

    /** Whether standard output ended before the line did. */
    public boolean endedEarly() {
        return state == State.ENDED_EARLY;
    }
}
