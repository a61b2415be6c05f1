package dev.squares.service.problem;

import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/** The problems of this service's own. What Spring refuses by itself is named after its status. */
public enum ProblemType {
    MALFORMED_JSON(
            HttpStatus.BAD_REQUEST,
            "Malformed JSON",
            "Send one JSON array of integers, for example [1, 2, 3, 4], and nothing else."),
    INVALID_OPTION(HttpStatus.BAD_REQUEST, "Invalid option", "Use one of the allowed values, or leave it out."),
    REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "Request timeout", "Send the list without long pauses."),
    LIST_TOO_LONG(
            HttpStatus.CONTENT_TOO_LARGE,
            "List too long",
            "Send the list in parts, or have squares.max-length raised."),
    NOT_AN_INTEGER_LIST(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Not a list of integers",
            "Send a JSON array of integers, for example [1, 2, 3, 4]."),
    SQUARE_OUT_OF_RANGE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Square out of range",
            "Send integers from -3037000499 to 3037000499: the square of any other does not fit 64 bits."),
    WORKER_CRASHED(
            HttpStatus.BAD_GATEWAY,
            "Worker crashed",
            "Send the list again; another worker will take it. If it crashes again, the log says more."),
    NO_WORKER_AVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE, "No worker available",
            "Send the list again after the time in Retry-After."),
    SHARED_DIRECTORY_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Shared directory unavailable",
            "Send the list again after the time in Retry-After. If that does not help, have squares.shared-directory "
                    + "made, and made writable."),
    WORKER_TIMED_OUT(
            HttpStatus.GATEWAY_TIMEOUT, "Worker timed out",
            "Send a shorter list, or have squares.worker.timeout raised."),
    SHARED_MEMORY_FULL(
            HttpStatus.INSUFFICIENT_STORAGE,
            "Shared memory full",
            "Send a shorter list, or try again later, or have squares.shared-memory-limit raised and the file system of "
                    + "squares.shared-directory enlarged (of a container by --shm-size).");

    private final HttpStatus status;
    private final String title;
    private final String action;

    ProblemType(HttpStatus status, String title, String action) {
        this.status = status;
        this.title = title;
        this.action = action;
    }

    /** The status it is answered with. */
    public HttpStatus status() {
        return status;
    }

    String title() {
        return title;
    }

    /** What a client should do, unless the problem at hand says it better. */
    String action() {
        return action;
    }

    /** Stable: clients switch on it. */
    URI uri() {
        return uri(this);
    }

    /** The type of a problem without one of its own: it is named after its status. */
    static URI uri(HttpStatus status) {
        return uri((Enum<?>) status);
    }

    private static URI uri(Enum<?> slug) {
        return URI.create("urn:squares:problem:" + slug.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
