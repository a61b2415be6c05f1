/** Measures the services beside their peers, in turn, and writes what came out as a page. */
@NullMarked
package dev.squares.benchmarks;

import org.jspecify.annotations.NullMarked;
