package dev.squares.worker.parent;

import java.io.IOException;
import java.nio.file.Path;

/** Gives names for mailboxes. */
@FunctionalInterface
public interface MailboxFiles {
    /** No mailboxes. */
    MailboxFiles NONE = () -> {
        throw new IOException("no mailboxes are wanted");
    };

    /** The name of a file in memory that does not exist yet, and that no other user can open. */
    Path newFile() throws IOException;
}
