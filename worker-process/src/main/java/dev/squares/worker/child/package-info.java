/** What runs in the child: it reads job lines, squares in the mapped file, and reports on its standard output. */
@NullMarked
package dev.squares.worker.child;

import org.jspecify.annotations.NullMarked;
