package dev.squares.service.problem;

import dev.squares.service.client.ClientWatch;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.CloseNowException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers every exception with a problem detail: this service's own, Spring's, and those that should not happen. */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    /** Long enough for a job of ordinary size to end. */
    private static final String RETRY_AFTER_SECONDS = "1";

    @ExceptionHandler
    ResponseEntity<Object> handle(ProblemException e, WebRequest request) {
        HttpHeaders headers = new HttpHeaders();
        if (e.type().status() == HttpStatus.SERVICE_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return createResponseEntity(e.body(), headers, e.type().status(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> handle(InvalidParameterException e, WebRequest request) {
        return handle(new ProblemException(ProblemType.INVALID_OPTION, "The query string cannot be decoded.", e),
                request);
    }

    /** The connection is to be closed, so that half an answer is not taken for a whole one: Tomcat does that. */
    @ExceptionHandler
    void handle(CloseNowException e) throws CloseNowException {
        LOG.debug("A connection is cut", e);
        throw e;
    }

    /** Nobody is left to be answered. */
    @ExceptionHandler
    void handle(ClientAbortException e) {
        LOG.debug("A client went away", e);
    }

    /** As above, noticed before anything was sent. */
    @ExceptionHandler
    void handle(ClientGoneException e, HttpServletRequest request, HttpServletResponse response) {
        LOG.debug("A request was given up", e);
        ClientWatch.endUnanswered(request, response);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handleUnexpected(Exception e, WebRequest request, HttpServletResponse response)
            throws Exception {
        LOG.error("A request failed for a reason that should not happen", e);
        if (response.isCommitted()) {
            // As above. Spring would say nothing, and Tomcat end the answer as if it were whole.
            throw e;
        }
        ProblemDetail body = ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR);
        return handleExceptionInternal(e, body, new HttpHeaders(), HttpStatus.INTERNAL_SERVER_ERROR, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        e.getBody().setDetail("There is nothing at /" + e.getResourcePath() + ".");
        return super.handleNoResourceFoundException(e, headers, status, request);
    }

    /** Where all of them come through. The media type is set, so that no Accept header can turn a problem into another. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem) {
            StatusProblem.complete(problem);
            // Where the body could not be read, Tomcat takes the answer back and has the valve make another.
            request.setAttribute(ProblemReportValve.PROBLEM, problem, RequestAttributes.SCOPE_REQUEST);
        }
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(body);
    }
}
