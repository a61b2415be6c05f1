package dev.squares.coordinator.square;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.http.MediaType;

/** Tells the answer, as JSON, and nothing else. */
record PlainAnswer(HttpServletResponse response, SendRate rate) implements Events {
    static final String SERVER_TIMING = "Server-Timing";

    /** Sends an answer that has been made already. */
    void send(ByteArrayOutputStream answer, String timing) throws IOException {
        response.setContentLength(answer.size());
        OutputStream out = open(timing);
        answer.writeTo(out);
        out.close();
    }

    @Override
    public void result(Answer answer, String timing) throws IOException {
        OutputStream out = open(timing);
        answer.writeTo(out);
        out.write('\n');
        // Here, and not where it is left: the client need not wait until all is tidy. Half an answer stays open.
        out.close();
    }

    private OutputStream open(String timing) throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader(SERVER_TIMING, timing);
        return rate.bound(response.getOutputStream());
    }
}
