package dev.squares.workerservice;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;

/**
 * A worker that has been taken.
 *
 * @param id under which it is used; nobody can guess it
 * @param pid its process id, where it runs
 * @param others that have been taken with it; left out if there are none
 */
record LeaseGrant(String id, long pid, @JsonInclude(Include.NON_EMPTY) List<LeaseGrant> others) {}
