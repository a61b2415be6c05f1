/** Where workers come from. */
@NullMarked
package dev.squares.coordinator.workers;

import org.jspecify.annotations.NullMarked;
