package dev.squares.worker.parent;

import java.io.IOException;
import java.nio.file.Path;

/** Uses a cache as a service does, in a process that may be another user's, and prints what came of it. */
final class CacheMain {
    private CacheMain() {}

    /** @param args the cache directory, and how often to try it; the user's own where there is none */
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

    private static WorkerCache open(Path directory, int tries) throws IOException {
        for (int i = 1;; i++) {
            try {
                return new WorkerCache(directory);
            } catch (IOException e) {
                if (i == tries) {
                    throw e;
                }
            }
        }
    }
}
