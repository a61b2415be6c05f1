package dev.squares.service.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Answers a request with a problem detail from a filter, which Spring's own handling of exceptions does not cover. */
public final class Refusal {
    private Refusal() {}

    /**
     * Sends the problem, which is named after the status.
     *
     * @param detail what happened, for a person to read
     * @param action what the client should do
     */
    public static void send(HttpServletRequest request, HttpServletResponse response, HttpStatus status, String detail,
            String action) throws IOException {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setProperty("action", action);
        request.setAttribute(ProblemReportValve.PROBLEM, problem);
        response.sendError(status.value());
    }
}
