package dev.squares.worker.parent;

import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.WorkerPool.Lease;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * A parent with a pool, to be killed: {@code <cache directory> <mapped file>}. Has one child in the middle of a job, one on a
 * lease and two idle ones, then prints all their pids and waits for ever.
 */
final class ParentMain {
    private ParentMain() {}

    public static void main(String[] args) throws Exception {
        WorkerCache cache = new WorkerCache(Path.of(args[0]));
        WorkerCommand command = WorkerCommand.java(cache.classPath(), 32 << 20);
        try (WorkerPool pool = new WorkerPool(_ -> command, cache::warmUp, MailboxFiles.NONE, Settings.of(2, 2),
                (_, _) -> {});
                Lease busy = pool.take(ProcessKind.FRESH);
                Lease held = pool.take(ProcessKind.FRESH)) {
            while (pool.status().idle() < 2) {
                Thread.sleep(5);
            }
            busy.run(new Job(Path.of(args[1]), Job.Mapping.SHARED, Job.View.FULL), Long.MAX_VALUE, report -> {
                report.read();
                System.out.println(held.pid() + " " + ProcessHandle.current()
                        .children()
                        .map(child -> Long.toString(child.pid()))
                        .collect(Collectors.joining(" ")));
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }
}
