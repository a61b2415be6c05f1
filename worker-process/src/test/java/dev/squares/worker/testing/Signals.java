package dev.squares.worker.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Sends signals that {@link ProcessHandle} has no method for. */
public final class Signals {
    private Signals() {}

    /** @param signal its name as kill(1) has it, such as {@code QUIT} */
    public static void send(String signal, long pid) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start().waitFor();
        if (exitCode != 0) {
            throw new IOException("kill -" + signal + " " + pid + " failed");
        }
    }

    /** Stops a process, and waits until each of its threads stands still. */
    public static void stop(long pid) throws IOException, InterruptedException {
        send("STOP", pid);
        await().until(() -> {
            try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
                return threads.allMatch(Signals::isStopped);
            }
        });
    }

    private static boolean isStopped(Path thread) {
        try {
            return Files.readString(thread.resolve("status")).contains("State:\tT");
        } catch (IOException e) {
            // It has ended.
            return true;
        }
    }
}
