/** The pool of worker processes of a service: what can be set, and what is shown of it. */
@NullMarked
package dev.squares.service.pool;

import org.jspecify.annotations.NullMarked;
