package dev.squares.worker.parent;

import java.io.IOException;

/** A worker has no mailbox: there was no room for one when it started. */
public final class NoMailboxException extends IOException {
    private static final long serialVersionUID = 1;

    NoMailboxException() {
        super("the worker has no mailbox");
    }
}
