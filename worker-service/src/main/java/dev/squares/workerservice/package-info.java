/** The REST face of worker processes: a service that lends them to a coordinator, and what it has in common with one. */
@NullMarked
package dev.squares.workerservice;

import org.jspecify.annotations.NullMarked;
