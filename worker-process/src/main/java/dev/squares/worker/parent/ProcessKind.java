package dev.squares.worker.parent;

/** What may have happened in a process before a job, and what happens to it afterwards. */
public enum ProcessKind {
    /** One that has never worked; it ends after the job. */
    FRESH,
    /** Any that is idle; it is kept and reused. */
    POOLED
}
