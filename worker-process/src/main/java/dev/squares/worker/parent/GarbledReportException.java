package dev.squares.worker.parent;

/** What a child wrote is not a report. */
public final class GarbledReportException extends Exception {
    private static final long serialVersionUID = 1;

    public GarbledReportException(String message) {
        super(message);
    }
}
