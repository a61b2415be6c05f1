package dev.squares.service.problem;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/** Gives the problems that Spring and Tomcat find the shape of this service's own. */
final class StatusProblem {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
            .build();

    private StatusProblem() {}

    /** The whole problem of a request to this path, which is left out where it is no URI: that may be the very problem. */
    static String json(ProblemDetail problem, @Nullable String path) {
        complete(problem);
        problem.setInstance(instance(path));
        return JSON.writeValueAsString(problem);
    }

    private static @Nullable URI instance(@Nullable String path) {
        try {
            return path == null ? null : URI.create(path);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Adds the type and the action where they are missing. */
    static void complete(ProblemDetail problem) {
        HttpStatus status = HttpStatus.valueOf(problem.getStatus());
        if (problem.getType() == null || problem.getType().toString().equals("about:blank")) {
            problem.setType(ProblemType.uri(status));
        }
        if (problem.getDetail() == null) {
            problem.setDetail(detail(status));
        }
        Map<String, Object> members = problem.getProperties();
        if (members == null || !members.containsKey("action")) {
            problem.setProperty("action", action(status));
        }
    }

    private static String detail(HttpStatus status) {
        return status == HttpStatus.INTERNAL_SERVER_ERROR
                ? "Something went wrong that should not have. The service's log says what."
                : "The request could not be served: " + status.getReasonPhrase() + ".";
    }

    private static String action(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> "Use one of the paths that /swagger-ui.html shows.";
            case METHOD_NOT_ALLOWED -> "Use one of the methods in the Allow header.";
            case NOT_ACCEPTABLE -> "Accept application/json, or send no Accept header.";
            case UNSUPPORTED_MEDIA_TYPE -> "Send the body with Content-Type: application/json and no Content-Encoding.";
            case INTERNAL_SERVER_ERROR -> "Report it, with the log.";
            default -> "Correct the request. /swagger-ui.html shows what it may have.";
        };
    }
}
