package dev.squares.service.problem;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/** Answers what fails before it reaches Spring with a problem detail, where Tomcat would show a page of HTML. */
final class ProblemReportValve extends ErrorReportValve {
    /** The request's attribute with the problem that was about to be answered, if it got that far. */
    static final String PROBLEM = ProblemReportValve.class.getName() + ".problem";

    private static final JsonMapper JSON = JsonMapper.builder()
            .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
            .build();

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemDetail problem = request.getAttribute(PROBLEM) instanceof ProblemDetail known
                ? known
                : ProblemDetail.forStatus(status);
        StatusProblem.complete(problem);
        problem.setInstance(instance(request));
        response.setStatus(problem.getStatus());
        byte[] body = JSON.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static @Nullable URI instance(Request request) {
        try {
            return request.getRequestURI() == null ? null : URI.create(request.getRequestURI());
        } catch (IllegalArgumentException e) {
            // What was asked for is not a URI, which may be the very problem.
            return null;
        }
    }
}
