/** The mapped file that both processes see, and the job line that names it: what parent and child must agree on. */
@NullMarked
package dev.squares.worker.memory;

import org.jspecify.annotations.NullMarked;
