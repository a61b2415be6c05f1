package dev.squares.worker.parent;

import java.io.IOException;
import java.nio.file.Path;

/** Uses a cache as a service does, in a process that may be another user's, and prints what came of it. */
final class CacheMain {
    private CacheMain() {}

    /** @param args the cache directory, and how often to look at it before; the user's own where there is none */
    public static void main(String[] args) throws IOException {
        try (WorkerCache cache = args.length == 0
                ? WorkerCache.ofThisUser()
                : open(Path.of(args[0]), Integer.parseInt(args[1]))) {
            System.out.println("opened");
            while (System.in.read() != '\n') {
                // The other user does what it does in between.
            }
            System.out.println(cache.classPath());
        } catch (IOException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }

    private static WorkerCache open(Path directory, int looks) throws IOException {
        for (int look = 0; look < looks; look++) {
            // As a cache does first. What it does besides takes much longer.
            try (PrivateDirectory opened = PrivateDirectory.createOrOpenToRead(directory)) {
                System.out.println("looked into: " + opened.path());
            } catch (IOException e) {
                // Refused, as each of them is to be.
            }
        }
        return new WorkerCache(directory);
    }
}
