package dev.squares.worker.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Runs what blocks in a thread of its own. Not in the common pool: on two cores that is one thread, and {@link
 * Process#onExit()} needs it.
 */
public final class Background {
    private Background() {}

    public static <T> CompletableFuture<T> run(Callable<T> work) {
        return start(work).result();
    }

    public static <T> Task<T> start(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().name("test-background").start(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return new Task<>(thread, result);
    }

    /** Work under way, and the thread that does it. */
    public record Task<T>(Thread thread, CompletableFuture<T> result) {}
}
