package dev.squares.worker.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room for files that are being written, in a file system that others write to as well. For one thread. */
public interface Quota {
    /**
     * Takes some, before it is written: of what has been set aside, as long as there is any.
     *
     * @throws IOException if so much is not to be had
     */
    void take(long bytes) throws IOException;

    /**
     * Takes all that is still to be written in one step, and sets it aside.
     *
     * @throws IOException if so much is not to be had; none is taken then
     */
    void setAside(long bytes) throws IOException;

    /** Gives all of it back: what was written is gone. */
    void giveBack();

    /** Bytes that have been asked for in all, granted or not. */
    long needed();

    /** Bytes that could be had if nothing had been taken here. */
    long available() throws IOException;

    /** All the room of a directory's file system. */
    static Quota of(Path directory) {
        return new Quota() {
            private long asked;

            @Override
            public void take(long bytes) {
                // The write itself tells.
                asked += bytes;
            }

            @Override
            public void setAside(long bytes) {
                // The write itself tells.
            }

            @Override
            public long needed() {
                return asked;
            }

            @Override
            public void giveBack() {
                // The file system has it back already.
            }

            @Override
            public long available() throws IOException {
                return Files.getFileStore(directory).getUsableSpace();
            }
        };
    }
}
