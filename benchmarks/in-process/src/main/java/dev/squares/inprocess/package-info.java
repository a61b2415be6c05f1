/** Squares lists where the request is handled, in one process. */
package dev.squares.inprocess;
