/** Traces of requests, where there is somebody to send them to. */
@NullMarked
package dev.squares.service.tracing;

import org.jspecify.annotations.NullMarked;
