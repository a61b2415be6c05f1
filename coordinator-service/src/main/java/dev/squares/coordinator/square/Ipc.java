package dev.squares.coordinator.square;

import dev.squares.worker.memory.Job.Mapping;

/** How the result comes back: the three experiments. */
enum Ipc {
    /** The child writes into memory that both share, and the parent looks there. */
    SHARED_MEMORY(Mapping.SHARED),
    /** The child keeps its memory to itself, and the parent decodes the child's message. */
    MESSAGE_PASSING(Mapping.PRIVATE),
    /** The child keeps its memory to itself, and the parent looks where the child would have written: nothing is there. */
    NONE(Mapping.PRIVATE);

    private final Mapping mapping;

    Ipc(Mapping mapping) {
        this.mapping = mapping;
    }

    /** How the child maps the file. */
    Mapping mapping() {
        return mapping;
    }
}
