/** What a parent does with children: starting them, giving them jobs, keeping them in a pool, telling how their jobs ended. */
@NullMarked
package dev.squares.worker.parent;

import org.jspecify.annotations.NullMarked;
