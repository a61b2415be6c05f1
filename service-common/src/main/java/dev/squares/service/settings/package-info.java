/** The properties that can be set: what they are, and that no other is. */
@NullMarked
package dev.squares.service.settings;

import org.jspecify.annotations.NullMarked;
