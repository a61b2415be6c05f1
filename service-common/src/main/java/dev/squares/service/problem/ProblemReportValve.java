package dev.squares.service.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;

/** Answers what fails before it reaches Spring with a problem detail, where Tomcat would show a page of HTML. */
final class ProblemReportValve extends ErrorReportValve {
    /** The request's attribute with the problem that was about to be answered, if it got that far. */
    static final String PROBLEM = ProblemReportValve.class.getName() + ".problem";

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemDetail problem = request.getAttribute(PROBLEM) instanceof ProblemDetail known
                ? known
                : ProblemDetail.forStatus(status);
        byte[] body = StatusProblem.json(problem, request.getRequestURI()).getBytes(StandardCharsets.UTF_8);
        response.setStatus(problem.getStatus());
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            // The client has gone.
        }
    }
}
