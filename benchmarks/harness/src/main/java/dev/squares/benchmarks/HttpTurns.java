package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import dev.squares.benchmarks.Turn.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How a contender is asked over HTTP. */
final class HttpTurns {
    /** The lecture's list. */
    static final int SMALL = 4;

    /** Long enough for a worker to be replaced, and for caches to go cold: how a person clicks, not how a load test does. */
    private static final Duration PACE = Duration.ofMillis(150);

    /** Where throughput is highest, and where the pool has every worker work. */
    private static final List<Integer> WARM_UP_CONNECTIONS = List.of(8, 32);

    private static final int MOST_REQUESTS = 2000;

    /** Longer lists take so long that a first one makes no difference. */
    private static final int LONGEST_TO_REPEAT = 1_000_000;

    /** What servers have been under load with. */
    private static final int LONGEST_OF_WARM_UP = 1000;

    private final Options options;
    private final Stage stage;
    private final Map<Integer, IntegerList> lists = new HashMap<>();
    private final Set<String> warmedUp = new HashSet<>();

    HttpTurns(Options options, Stage stage) {
        this.options = options;
        this.stage = stage;
    }

    /** Who is asked for lists of so many elements. */
    static String subject(Contender contender, int length) {
        return contender.title() + (length == SMALL ? "" : ", n=" + length);
    }

    /** As many answers as so many connections can get. */
    Turn rate(Contender contender, int connections, int length) {
        String subject = subject(contender, length);
        return new Turn(subject, warmsUp(contender, length), recorder -> {
            Server server = server(contender);
            Wrk wrk = Wrk.run(
                    options.place(), connections, options.seconds(), server.port(), contender.path(), length);
            recorder.add(new Key(Quantity.RATE, subject, connections), wrk.rate());
            recorder.add(new Key(Quantity.LOADED_LATENCY, subject, connections), wrk.medianLatency());
            quieten(contender, server);
        });
    }

    /** Longer lists than those of the load before go another way, which is warmed up by a turn that does not count. */
    private static boolean warmsUp(Contender contender, int length) {
        return !contender.isLecture() && length > LONGEST_OF_WARM_UP;
    }

    /** One request after the other. A fresh process is given the time to be replaced. */
    Turn latency(Contender contender, int length) {
        Duration pace = contender == Contender.FRESH ? PACE : Duration.ZERO;
        return turn(contender, length, pace, Quantity.LATENCY);
    }

    /** One request each 150 ms. */
    Turn paced(Contender contender, int length) {
        return turn(contender, length, PACE, Quantity.PACED_LATENCY);
    }

    private Turn turn(Contender contender, int length, Duration pace, Quantity quantity) {
        return new Turn(contender.title(), warmsUp(contender, length), recorder -> {
            Server server = server(contender);
            boolean repeats = length <= LONGEST_TO_REPEAT && !contender.isLecture();
            try (HttpConnection connection = new HttpConnection(server.port())) {
                IntegerList list = list(length);
                if (repeats) {
                    connection.post(contender.path(), list);
                }
                List<Double> times = ask(connection, contender.path(), list, pace);
                recorder.add(new Key(quantity, contender.title(), length), new Samples.Summary(times).median());
            }
            quieten(contender, server);
        });
    }

    /**
     * A contender's server, which has been under load before it is first measured: until the compiler is done, it takes as much of the
     * cores as the requests do.
     */
    private Server server(Contender contender) throws IOException, InterruptedException {
        Server server = stage.server(contender.kind());
        // A fresh worker is never warm.
        String path = contender == Contender.FRESH ? Contender.POOLED.path() : contender.path();
        if (!contender.isLecture() && warmedUp.add(server.port() + path)) {
            int seconds = options.warmUpSeconds() / WARM_UP_CONNECTIONS.size();
            for (int connections : WARM_UP_CONNECTIONS) {
                Wrk.run(options.place(), connections, seconds, server.port(), path, SMALL);
            }
        }
        return server;
    }

    /** Asks for as long as a turn lasts. Returns the seconds that each answer took. */
    List<Double> ask(HttpConnection connection, String path, IntegerList list, Duration pace)
            throws IOException, InterruptedException {
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(options.seconds()).toNanos();
        do {
            if (!pace.isZero()) {
                Thread.sleep(pace);
            }
            times.add(connection.post(path, list));
        } while (System.nanoTime() < end && times.size() < MOST_REQUESTS);
        return times;
    }

    /** Whoever is next is not to compete with the processes that replace those that were used up. */
    private static void quieten(Contender contender, Server server) throws IOException, InterruptedException {
        if (contender == Contender.FRESH) {
            server.settle();
        }
    }

    IntegerList list(int length) {
        return lists.computeIfAbsent(length, IntegerList::of);
    }
}
