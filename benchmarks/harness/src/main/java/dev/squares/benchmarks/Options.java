package dev.squares.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What to measure, and for how long.
 *
 * @param quick whether this run is to show that everything works, and not to be believed
 * @param seconds how long a contender is measured in its turn
 * @param rounds how many turns each contender has
 * @param only which comparisons are made: those whose name the pattern is found in
 * @param huge whether there is a list of 10^8 elements, too
 * @param output the folder for the page and the plots
 */
record Options(Workplace place, boolean quick, int seconds, int rounds, Pattern only, boolean huge, Path output) {
    static final int LONGEST_LIST = 100_000_000;

    private static final int DEFAULT_SECONDS = 1;
    private static final int DEFAULT_ROUNDS = 3;

    static Options parse(String... arguments) {
        Map<String, String> values = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException("not --name=value: " + argument);
            }
            values.put(argument.substring(2, equals), argument.substring(equals + 1));
        }
        boolean quick = values.containsKey("quick");
        return new Options(
                new Workplace(
                        Path.of(values.get("root")), Path.of(values.get("scratch")), Path.of(values.get("shared"))),
                quick,
                number(values, "seconds", quick ? 1 : DEFAULT_SECONDS),
                number(values, "rounds", quick ? 1 : DEFAULT_ROUNDS),
                Pattern.compile(values.getOrDefault("only", "")),
                values.containsKey("huge"),
                Path.of(values.get("output")));
    }

    private static int number(Map<String, String> values, String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    /** How long a server is under load before it is first measured. */
    int warmUpSeconds() {
        return quick ? 3 : 20;
    }

    /** Connections that ask at once. */
    List<Integer> connections() {
        return quick ? List.of(1, 2, 8) : List.of(1, 2, 8, 32);
    }

    /** Connections that ask for lists of middle length. */
    List<Integer> middleConnections() {
        return quick ? List.of(8) : List.of(1, 8, 32);
    }

    /** Whether this run is for the page, and is of no use on a machine that does something else as well. */
    boolean counts() {
        return !quick && only.pattern().isEmpty();
    }

    /** Elements of the lists. */
    List<Integer> lengths() {
        List<Integer> lengths = quick
                ? List.of(4, 10_000, 100_000, 1_000_000)
                : List.of(4, 1_000, 10_000, 100_000, 1_000_000, 10_000_000);
        return huge ? Stream.concat(lengths.stream(), Stream.of(LONGEST_LIST)).toList() : lengths;
    }

    /** Elements of the lists by whose answers memory is measured. */
    List<Integer> memoryLengths() {
        return quick ? List.of(100_000, 10_000_000) : List.of(100_000, 1_000_000, 10_000_000);
    }
}
