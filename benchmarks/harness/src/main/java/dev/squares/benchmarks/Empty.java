package dev.squares.benchmarks;

/** The least that a JVM can do. */
final class Empty {
    private Empty() {}

    public static void main(String[] args) {}
}
