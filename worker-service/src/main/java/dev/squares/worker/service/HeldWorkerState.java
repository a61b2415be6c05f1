package dev.squares.worker.service;

import dev.squares.worker.fork.Ending;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a worker that has been taken.
 *
 * @param pid its process id, where it runs
 * @param ending how its job ended; null as long as it has not
 */
public record HeldWorkerState(String id, long pid, @Nullable Ending ending) {}
