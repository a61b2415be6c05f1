package dev.squares.coordinator.square;

import dev.squares.coordinator.workers.Workers.Held;
import dev.squares.coordinator.workers.Workers.Lease;
import dev.squares.service.client.ClientWatch.ClientGoneException;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.parent.ProcessKind;
import dev.squares.worker.parent.StandIn.Adoption;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Hears of every step of a request while it is taken, and tells the client what the client has asked to be told: the answer alone,
 * or the steps as well.
 */
interface Events {
    /** What is done by a worker. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException, ClientGoneException;
    }

    /** Maps the file as this one needs it. */
    default ParentMapping map(Path file) throws IOException {
        return ParentMapping.open(file);
    }

    /**
     * The list is in the file. Until now, an error has a status of its own.
     *
     * @param timing the value of a {@code Server-Timing} header
     */
    default void received(Path file, ParentMapping memory, String timing) throws IOException {}

    /** Has this done: whatever is heard of in the meantime may be told in the meantime. */
    default void during(Work work) throws IOException, ClientGoneException {
        work.run();
    }

    /** The work is done by what is held of the workers, from now on. */
    default void heldBy(Held workers) {}

    /** A worker has been taken. */
    default void taken(Lease worker, ProcessKind process) {}

    /** The child of an explained job has mapped the file. What it says of itself is the text of a JSON object. */
    default void mapped(long pid, String evidence) {}

    /**
     * The child of an explained job has published a page of squares.
     *
     * @param childWrote squares that the child has published in its mapping
     * @param parentSees squares that have been published in the parent's
     * @param pages the child's pages, a letter each
     */
    default void progress(long childWrote, long parentSees, String pages) {}

    /** The child of an explained job has published all squares, and waits. */
    default void published(long pid, String evidence) {}

    /** The child's parent has been killed, and another process is its parent now. */
    default void orphaned(Adoption adoption) {}

    /** A child has reported. */
    default void reported(Report report) {}

    /**
     * The parent has looked, and this is the result. Writes the answer to the client.
     *
     * @param timing as above
     */
    void result(Answer answer, String timing) throws IOException;

    /** The parent has unmapped the file. */
    default void unmapped() throws IOException {}

    /** The file has been deleted. */
    default void deleted() throws IOException {}
}
