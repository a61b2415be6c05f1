package dev.squares.worker.service.client;

/** The client of a request has closed its connection: nobody is left to be answered. */
public final class ClientGoneException extends Exception {
    private static final long serialVersionUID = 1;

    ClientGoneException() {
        super("the client has closed its connection", null, false, false);
    }
}
