package dev.squares.benchmarks;

import java.util.List;

/**
 * Turns whose samples are compared with each other, so that they are taken close together.
 *
 * @param name what the option {@code --only} looks at
 * @param rounds in how many rounds
 */
record Comparison(String name, int rounds, List<Turn> turns) {
    Comparison {
        turns = List.copyOf(turns);
    }
}
