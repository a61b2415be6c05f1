package dev.squares.workerservice;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A worker that has been taken.
 *
 * @param id under which it is used; nobody can guess it
 * @param pid its process id, where it runs
 * @param others that have been taken with it; left out if there are none
 */
record LeaseGrant(
    @Schema(format = "uuid") String id,
    @Schema(minimum = "1") long pid,
    @JsonInclude(Include.NON_EMPTY) List<Other> others
) {
    /** One of several, in the members of its own. */
    record Other(@Schema(format = "uuid") String id, @Schema(minimum = "1") long pid) {}
}
