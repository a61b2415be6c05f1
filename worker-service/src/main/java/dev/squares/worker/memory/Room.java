package dev.squares.worker.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room for a file that is being written, in a file system that others write to as well. */
public interface Room {
    /**
     * Takes some more of it, before it is written.
     *
     * @throws IOException if so much is not to be had
     */
    void take(long bytes) throws IOException;

    /** Bytes that could be had if nothing had been taken here. */
    long available() throws IOException;

    /** All the room of a directory's file system. */
    static Room of(Path directory) {
        return new Room() {
            @Override
            public void take(long bytes) {
                // The write itself tells.
            }

            @Override
            public long available() throws IOException {
                return Files.getFileStore(directory).getUsableSpace();
            }
        };
    }
}
