package dev.squares.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Everything that is compared. Who comes to stand beside the others is added here, and to {@link Contender}. */
final class Comparisons {
    /** The lecture takes seconds for it. */
    private static final int LONGEST_FOR_LECTURE = 1_000_000;

    /** Neither memory nor a loop in a JVM of its own changes from round to round as times of servers do, and both take long. */
    private static final int ROUNDS_OF_WHAT_IS_STEADY = 1;

    private static final List<Integer> MIDDLE_LENGTHS = List.of(100, 1_000);

    private static final Set<Contender> OF_MIDDLE_LENGTHS = Collections
            .unmodifiableSet(EnumSet.of(Contender.POOLED, Contender.PAIR, Contender.ARRAY));

    private static final List<Integer> KERNEL_COUNTS = List.of(100_000, 10_000_000);

    /** Where the answers to as many connections as these are compared by their ipc, too. */
    private static final int CONNECTIONS_BY_IPC = 8;

    static final Set<Contender> BY_IPC = Collections
            .unmodifiableSet(EnumSet.of(Contender.NONE, Contender.MESSAGE));

    private static final Set<Contender> UNDER_LOAD = Collections
            .unmodifiableSet(EnumSet.complementOf(EnumSet.of(Contender.LECTURE_SPAWN, Contender.LIST)));

    private static final Set<Contender> ONE_AFTER_THE_OTHER = Collections
            .unmodifiableSet(EnumSet.complementOf(EnumSet.copyOf(BY_IPC)));

    private static final Set<Contender> PACED = Collections.unmodifiableSet(
            EnumSet.complementOf(EnumSet.of(Contender.NONE, Contender.MESSAGE, Contender.PAIR)));

    /** What a fresh process costs beside what a pause costs. */
    private static final List<Integer> PACED_LENGTHS = List.of(1_000, 100_000);

    private static final Set<Contender> PACED_BY_LENGTH = Collections
            .unmodifiableSet(EnumSet.of(Contender.POOLED, Contender.FRESH));

    private static final Set<Contender> BY_MEMORY = Collections.unmodifiableSet(
            EnumSet.of(Contender.POOLED, Contender.ARRAY, Contender.LECTURE_FORK));

    private Comparisons() {}

    static List<Comparison> of(Options options, Stage stage) {
        HttpTurns http = new HttpTurns(options, stage);
        MemoryTurns memory = new MemoryTurns(options.place(), http);
        int rounds = options.rounds();
        List<Comparison> all = new ArrayList<>();
        all.add(new Comparison("start", rounds, new StartTurns(options, stage).both()));
        all.add(new Comparison("first-answer", rounds, new FirstStartTurns(options.place(), stage).both()));
        for (int connections : options.connections()) {
            all.add(new Comparison("rate-" + connections, rounds, UNDER_LOAD.stream()
                    .filter(c -> connections == CONNECTIONS_BY_IPC || !BY_IPC.contains(c))
                    .map(c -> http.rate(c, connections, HttpTurns.SMALL))
                    .toList()));
        }
        for (int length : MIDDLE_LENGTHS) {
            for (int connections : options.middleConnections()) {
                all.add(new Comparison("rate-" + connections + "-of-" + length, rounds,
                        OF_MIDDLE_LENGTHS.stream().map(c -> http.rate(c, connections, length)).toList()));
            }
        }
        all.add(new Comparison("paced", rounds, PACED.stream().map(c -> http.paced(c, HttpTurns.SMALL)).toList()));
        for (int length : PACED_LENGTHS) {
            all.add(new Comparison("paced-" + length, rounds,
                    PACED_BY_LENGTH.stream().map(c -> http.paced(c, length)).toList()));
        }
        for (int length : options.lengths()) {
            all.add(new Comparison("length-" + length, rounds, ONE_AFTER_THE_OTHER.stream()
                    .filter(c -> !c.isLecture() || length <= LONGEST_FOR_LECTURE)
                    .filter(c -> c.kind().isCoordinator() || length < Options.LONGEST_LIST)
                    .map(c -> http.latency(c, length))
                    .toList()));
        }
        for (int length : options.memoryLengths()) {
            all.add(new Comparison("memory-" + length, ROUNDS_OF_WHAT_IS_STEADY, BY_MEMORY.stream()
                    .filter(c -> !c.isLecture() || length <= LONGEST_FOR_LECTURE)
                    .map(c -> memory.peak(c, length))
                    .toList()));
        }
        for (int count : KERNEL_COUNTS) {
            all.add(new Comparison("kernel-" + count, ROUNDS_OF_WHAT_IS_STEADY, new KernelTurns(options).both(count)));
        }
        CooperationTurns cooperation = new CooperationTurns(options, stage, http);
        for (int length : CooperationTurns.LENGTHS) {
            all.add(new Comparison("processes-" + length, rounds, cooperation.byProcesses(length)));
        }
        all.add(new Comparison("sums", rounds, cooperation.sumsByProcesses()));
        all.add(new Comparison("false-sharing", rounds, FalseSharingTurns.byDistance()));
        return all.stream().filter(c -> options.only().matcher(c.name()).find()).toList();
    }

    /** Who is measured under load, with lists of four and of middle length. */
    static List<String> underLoad() {
        return Stream.concat(
                UNDER_LOAD.stream().map(Contender::title),
                MIDDLE_LENGTHS.stream().flatMap(n -> OF_MIDDLE_LENGTHS.stream().map(c -> HttpTurns.subject(c, n))))
                .toList();
    }

    static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> copy = new ArrayList<>(list);
        Collections.shuffle(copy, random);
        return copy;
    }
}
