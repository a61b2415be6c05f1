package dev.squares.worker.parent;

/** What a child wrote is not a report. */
public final class InvalidReportException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidReportException(String message) {
        super(message);
    }
}
