package dev.squares.worker.parent;

import dev.squares.worker.memory.ParentMailbox;
import java.time.Duration;

/**
 * The bounds of a {@link WorkerPool}.
 *
 * @param standby idle workers that stand ready
 * @param maxProcesses workers that may be busy at once
 * @param maxJobs jobs after which a pooled worker ends
 * @param jobsAtOnce short jobs that a pooled worker may have at once, from 0 to {@link ParentMailbox#SLOTS}
 * @param idleWarmUps warm-up jobs that an idle worker does besides the first, when nobody needs it
 * @param timeout how long a job may take, report included
 * @param queueTimeout how long a request waits for a worker
 * @param startTimeout how long a worker may take to start and do its warm-up job
 * @param killGrace how long a child may take to end when it is asked to, before it is killed
 */
public record PoolSettings(
    int standby,
    int maxProcesses,
    int maxJobs,
    int jobsAtOnce,
    int idleWarmUps,
    Duration timeout,
    Duration queueTimeout,
    Duration startTimeout,
    Duration killGrace
) {}
