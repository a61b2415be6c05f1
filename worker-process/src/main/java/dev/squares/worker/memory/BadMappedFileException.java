package dev.squares.worker.memory;

import java.io.IOException;

/** A file that is not a mapped file of this version, or not a whole one. The message says what was expected. */
public final class BadMappedFileException extends IOException {
    private static final long serialVersionUID = 1;

    BadMappedFileException(String message) {
        super(message);
    }
}
