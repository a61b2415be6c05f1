/** The coordinator: a REST service that has worker processes square lists, and answers with both sides of the boundary. */
@NullMarked
package dev.squares.coordinator;

import org.jspecify.annotations.NullMarked;
