package dev.squares.worker.parent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A private directory in the system's temporary one, for this run alone: made when it is first needed, and anew where it has gone. */
final class RunDirectory implements AutoCloseable {
    private @Nullable Path path;

    /** Opens it. */
    synchronized PrivateDirectory open() throws IOException {
        if (path != null) {
            try {
                return PrivateDirectory.open(path);
            } catch (IOException e) {
                // Something that tidies has taken it, and its name may be somebody else's by now.
            }
        }
        path = Files.createTempDirectory("squares-");
        return PrivateDirectory.open(path);
    }

    /** Deletes it, with what is in it. */
    @Override
    public synchronized void close() throws IOException {
        if (path != null && Files.exists(path)) {
            try (PrivateDirectory own = PrivateDirectory.open(path)) {
                own.delete();
            }
        }
    }
}
