package dev.squares.coordinator;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process that holds the lock of a coordinator's directory until its standard input ends, or it is killed. */
public final class LockHolder {
    private LockHolder() {}

    /** @param args the file to lock */
    public static void main(String[] args) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
            System.out.println(channel.tryLock() == null ? "refused" : "locked");
            while (System.in.read() != -1) {
                // Not yet.
            }
        }
    }
}
