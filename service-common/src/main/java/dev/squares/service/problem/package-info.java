/** Every error of both services, as a problem detail of RFC 9457. */
@NullMarked
package dev.squares.service.problem;

import org.jspecify.annotations.NullMarked;
