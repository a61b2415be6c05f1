/** The use case from top to bottom: the request, the list, the run in another process, the answer. */
@NullMarked
package dev.squares.coordinator.square;

import org.jspecify.annotations.NullMarked;
