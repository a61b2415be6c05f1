package dev.squares.worker.parent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A private directory in the system's temporary one, for this run alone: made when it is first needed, and anew where it has gone. */
final class RunDirectory implements AutoCloseable {
    private final Path temporary;
    private @Nullable Path path;

    /** @param temporary the system's temporary directory */
    RunDirectory(Path temporary) {
        this.temporary = temporary;
    }

    /** Opens it. */
    synchronized PrivateDirectory open() throws IOException {
        if (path != null) {
            try {
                return PrivateDirectory.open(path);
            } catch (IOException e) {
                // Something that tidies has taken it, and its name may be somebody else's by now.
            }
        }
        PrivateDirectory made = PrivateDirectory.create(temporary.resolve("squares-" + UUID.randomUUID()));
        path = made.path();
        return made;
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
