/** Notices clients that have gone while their requests are worked on. */
@NullMarked
package dev.squares.service.client;

import org.jspecify.annotations.NullMarked;
