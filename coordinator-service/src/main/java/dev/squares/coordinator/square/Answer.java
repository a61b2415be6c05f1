package dev.squares.coordinator.square;

import dev.squares.service.problem.OptionNames;
import dev.squares.worker.memory.Job.View;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of the boundary. Written from where they are, the report and the mapping, to the client, and never on the heap. Its
 * own part is a few known words and numbers, none of which needs escaping: a JSON library's buffers would be held by each client
 * that does not read.
 */
record Answer(Options options, List<Report> reports, Observation observed) {
    private static final long OWN_PID = ProcessHandle.current().pid();

    /** On one line, without its end. */
    void writeTo(OutputStream out) throws IOException {
        write(out, "{\"ipc\":\"" + OptionNames.of(options.ipc()) + "\",\"process\":\""
                + OptionNames.of(options.process()) + "\"");
        if (options.cooperates()) {
            writeChildren(out);
        } else {
            write(out, ",\"match\":" + observed.agrees() + ",\"childReported\":");
            reports.getFirst().copyTo(out);
        }
        write(out, ",\"parentObserved\":{\"pid\":" + OWN_PID + ",\"count\":" + observed.count() + ",\"sum\":"
                + observed.sum());
        if (options.view() == View.FULL) {
            write(out, ",\"squares\":");
            observed.writeSquares(out);
        }
        write(out, "}");
        Explanation explanation = explanation();
        if (explanation != null) {
            out.write((",\"evidence\":{\"child\":" + explanation.child() + ",\"parent\":" + explanation.parent() + "}")
                    .getBytes(StandardCharsets.UTF_8));
        }
        write(out, "}");
    }

    private void writeChildren(OutputStream out) throws IOException {
        write(out, ",\"processes\":" + options.processes() + ",\"sum\":\"" + OptionNames.of(options.sum())
                + "\",\"match\":" + observed.agrees());
        if (options.addsToOneSum()) {
            write(out, ",\"lostUpdates\":" + observed.lostUpdates());
        }
        char before = '[';
        write(out, ",\"childrenReported\":");
        for (Report report : reports) {
            out.write(before);
            before = ',';
            report.copyTo(out);
        }
        write(out, "]");
    }

    /** Null if the job is not explained. */
    @Nullable
    Explanation explanation() {
        return reports.getFirst().explanation();
    }

    private static void write(OutputStream out, String ascii) throws IOException {
        out.write(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}
