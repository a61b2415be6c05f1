package dev.squares.workerservice;

/**
 * A worker that has been taken.
 *
 * @param id under which it is used; nobody can guess it
 * @param pid its process id, where it runs
 */
record LeaseGrant(String id, long pid) {}
