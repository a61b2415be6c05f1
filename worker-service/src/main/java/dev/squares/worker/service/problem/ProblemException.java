package dev.squares.worker.service.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;

/** A request that cannot be answered, and what its client is told. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ProblemType type;
    private final transient Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /** @param detail what happened, for a person to read */
    public ProblemException(ProblemType type, String detail) {
        this(type, detail, null);
    }

    /**
     * @param detail what happened, for a person to read
     * @param cause for the log; clients do not see it
     */
    public ProblemException(ProblemType type, String detail, @Nullable Throwable cause) {
        super(detail, cause, false, false);
        this.type = type;
    }

    /** Adds a member to the problem detail, for a program to read. */
    public ProblemException with(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    /** Which problem it is. */
    public ProblemType type() {
        return type;
    }

    ProblemDetail body() {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(type.status(), getMessage());
        body.setType(type.uri());
        body.setTitle(type.title());
        body.setProperty("action", type.action());
        members.forEach(body::setProperty);
        return body;
    }
}
