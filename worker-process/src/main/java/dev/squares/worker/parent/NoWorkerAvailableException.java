package dev.squares.worker.parent;

/** No worker came free in time. */
public final class NoWorkerAvailableException extends Exception {
    private static final long serialVersionUID = 1;

    public NoWorkerAvailableException(String message) {
        super(message);
    }
}
