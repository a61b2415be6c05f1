package dev.squares.coordinator.square;

import dev.squares.service.client.ClientWatch.ClientGoneException;
import java.io.IOException;
import java.util.List;

/** The child of a request, or its children: has the work done, and keeps what has been reported. */
sealed interface Children extends AutoCloseable permits OneChild, SeveralChildren {
    /**
     * Has the work done. All have reported when this returns.
     *
     * @throws dev.squares.service.problem.ProblemException if one has not
     * @throws ClientGoneException if the client has gone, and the work with it
     */
    void work() throws IOException, ClientGoneException;

    /** What was reported, in the order of the list. */
    List<Report> reports();

    /** What the parent observes. */
    Observation observe() throws IOException;

    /** Lets go of what was reported. */
    @Override
    void close() throws IOException;
}
