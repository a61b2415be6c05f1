package dev.squares.worker.memory;

/** How several children add their squares to one sum. */
public enum SumMode {
    /** They do not: each has a sum of its own, and the parent adds those up. */
    OWN,
    /** Each reads the sum, adds a square, and writes the sum back. Whatever another has written in between is lost. */
    UNSYNCHRONIZED,
    /** Each adds a square in one step of the processor's, of which no other comes in between. */
    ATOMIC,
    /** Each takes a lock in the shared memory before it reads the sum, and lets go of it when it has written the sum back. */
    LOCKED
}
