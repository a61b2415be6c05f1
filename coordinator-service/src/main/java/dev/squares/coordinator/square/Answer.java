package dev.squares.coordinator.square;

import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.service.Words;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Both sides of the boundary. Written from where they are, the report and the mapping, to the client, and never on the heap.
 */
final class Answer {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            // A small answer is sent in one piece, with its length.
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private static final long OWN_PID = ProcessHandle.current().pid();

    private final Options options;
    private final Report report;
    private final MappedFile memory;
    private final Observation observed;

    Answer(Options options, Report report, MappedFile memory) {
        this.options = options;
        this.report = report;
        this.memory = memory;
        this.observed = observe();
    }

    /** What came through the boundary. */
    private record Observation(long count, BigInteger sum, boolean sameSquares) {}

    /** Looks where the experiment lets the parent look. */
    private Observation observe() {
        return switch (options.ipc()) {
            case MESSAGE_PASSING -> new Observation(report.count(), report.sum(), true);
            case SHARED_MEMORY, NONE -> memory.isDone()
                    ? new Observation(memory.count(), memory.sum(), report.squaresAreInMemory())
                    : new Observation(0, BigInteger.ZERO, true);
        };
    }

    /** Whether both sides have the same. */
    private boolean match() {
        return report.count() == observed.count
                && report.sum().equals(observed.sum)
                && (options.view() == View.SUMMARY || observed.sameSquares);
    }

    void writeTo(OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("ipc", Words.of(options.ipc()));
            json.writeStringProperty("process", Words.of(options.process()));
            json.writeBooleanProperty("match", match());
            json.writeName("childReported");
            json.writeRawValue("");
            json.flush();
            report.copyTo(out);
            json.writeName("parentObserved");
            json.writeStartObject();
            json.writeNumberProperty("pid", OWN_PID);
            json.writeNumberProperty("count", observed.count);
            json.writeName("sum");
            json.writeNumber(observed.sum);
            if (options.view() == View.FULL) {
                json.writeName("squares");
                writeSquares(json, out);
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private void writeSquares(JsonGenerator json, OutputStream out) throws IOException {
        if (options.ipc() == Ipc.MESSAGE_PASSING) {
            report.decodeSquares(json);
        } else if (observed.count == 0) {
            json.writeStartArray();
            json.writeEndArray();
        } else {
            json.writeRawValue("");
            json.flush();
            report.writeSquaresInMemory(out);
        }
    }
}
