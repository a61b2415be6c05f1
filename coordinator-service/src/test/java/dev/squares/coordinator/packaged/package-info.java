/** The executable jar, from outside: as a process with children, files and a port. */
@NullMarked
package dev.squares.coordinator.packaged;

import org.jspecify.annotations.NullMarked;
