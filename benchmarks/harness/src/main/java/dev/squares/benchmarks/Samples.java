package dev.squares.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every sample of a run, by what was measured and in which round. */
final class Samples {
    private final Map<Key, NavigableMap<Integer, Double>> rounds = new HashMap<>();

    /**
     * What a sample is of.
     *
     * @param subject who was measured
     * @param at connections or elements
     */
    record Key(Quantity quantity, String subject, long at) {}

    /** Some samples of one thing, never none, in order. */
    static final class Summary {
        private final double[] sorted;

        Summary(Collection<Double> samples) {
            sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        }

        double median() {
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        Summary times(double factor) {
            return new Summary(Arrays.stream(sorted).map(sample -> sample * factor).boxed().toList());
        }

        double min() {
            return sorted[0];
        }

        double max() {
            return sorted[sorted.length - 1];
        }
    }

    void add(int round, Key key, double sample) {
        rounds.computeIfAbsent(key, _ -> new TreeMap<>()).put(round, sample);
    }

    static double median(double... samples) {
        return new Summary(Arrays.stream(samples).boxed().toList()).median();
    }

    boolean has(Key key) {
        return rounds.containsKey(key);
    }

    Summary summary(Key key) {
        return new Summary(samples(key).values());
    }

    private NavigableMap<Integer, Double> samples(Key key) {
        return Objects.requireNonNull(rounds.get(key), () -> "Nothing was measured of " + key);
    }

    /** One thing over another, round by round: what slows a round down slows down both. */
    Summary ratio(Key over, Key under) {
        NavigableMap<Integer, Double> denominators = samples(under);
        List<Double> ratios = new ArrayList<>();
        samples(over).forEach((round, sample) -> {
            if (denominators.containsKey(round)) {
                ratios.add(sample / denominators.get(round));
            }
        });
        // Both failed in turn: then at least the medians can be compared.
        return ratios.isEmpty()
                ? new Summary(List.of(summary(over).median() / summary(under).median()))
                : new Summary(ratios);
    }

    /** Medians of one subject by what they were measured at. */
    NavigableMap<Long, Double> medians(Quantity quantity, String subject) {
        NavigableMap<Long, Double> medians = new TreeMap<>();
        for (Key key : rounds.keySet()) {
            if (key.quantity == quantity && key.subject.equals(subject)) {
                medians.put(key.at, summary(key).median());
            }
        }
        return medians;
    }

    void write(Path file) throws IOException {
        String lines = rounds.entrySet()
                .stream()
                .flatMap(entry -> entry.getValue()
                        .entrySet()
                        .stream()
                        .map(sample -> line(entry.getKey(), sample.getKey(), sample.getValue())))
                .sorted()
                .collect(Collectors.joining());
        Files.writeString(file, "quantity\tsubject\tat\tround\tsample\tunit\n" + lines);
    }

    private static String line(Key key, int round, double sample) {
        return "%s\t%s\t%d\t%d\t%.9g\t%s%n"
                .formatted(key.quantity, key.subject, key.at, round, sample, key.quantity.unit());
    }
}
