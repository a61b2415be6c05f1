package dev.squares.worker.parent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Keeps a report as it came, if it looks like one. */
final class JsonLine implements ReportReader {
    private @Nullable String text;

    @Override
    public void read(InputStream report) throws IOException, InvalidReportException {
        text = new String(report.readAllBytes(), StandardCharsets.UTF_8);
        if (!text.startsWith("{")) {
            throw new InvalidReportException("not JSON: " + text);
        }
    }

    String text() {
        return String.valueOf(text);
    }
}
