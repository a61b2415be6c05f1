/** Every error, as a problem detail of RFC 9457. */
@NullMarked
package dev.squares.coordinator.problem;

import org.jspecify.annotations.NullMarked;
