package dev.squares.coordinator.square;

import dev.squares.service.problem.OptionNames;
import dev.squares.worker.memory.Job.View;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Both sides of the boundary. Written from where they are, the report and the mapping, to the client, and never on the heap. Its
 * own part is a few known words and numbers, none of which needs escaping: a JSON library's buffers would be held by each client
 * that does not read.
 */
record Answer(Options options, Report report, Observation observed) {
    private static final long OWN_PID = ProcessHandle.current().pid();

    /** On one line, without its end. */
    void writeTo(OutputStream out) throws IOException {
        write(out,
                "{\"ipc\":\"" + OptionNames.of(options.ipc()) + "\",\"process\":\"" + OptionNames.of(options.process())
                        + "\",\"match\":" + observed.agrees() + ",\"childReported\":");
        report.copyTo(out);
        write(out, ",\"parentObserved\":{\"pid\":" + OWN_PID + ",\"count\":" + observed.count() + ",\"sum\":"
                + observed.sum());
        if (options.view() == View.FULL) {
            write(out, ",\"squares\":");
            observed.writeSquares(out);
        }
        write(out, "}");
        Explanation explanation = report.explanation();
        if (explanation != null) {
            out.write((",\"evidence\":{\"child\":" + explanation.child() + ",\"parent\":" + explanation.parent() + "}")
                    .getBytes(StandardCharsets.UTF_8));
        }
        write(out, "}");
    }

    private static void write(OutputStream out, String ascii) throws IOException {
        out.write(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}
