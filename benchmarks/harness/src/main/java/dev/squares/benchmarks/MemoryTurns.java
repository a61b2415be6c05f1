package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** How much memory a server takes, in a process of its own for each length, with a heap that does not hold a long list. */
final class MemoryTurns {
    static final String HEAP = "-Xmx128m";

    private static final List<String> JVM_OPTIONS = List.of(HEAP, "-XX:+ExitOnOutOfMemoryError");

    private static final Duration SAMPLE_EVERY = Duration.ofMillis(5);

    /** So many elements are sent, whatever the length of one list, for every element leaves garbage behind. */
    private static final int ELEMENTS = 10_000_000;

    /** The lecture takes some microseconds for each element, and has no heap that fills. */
    private static final int ELEMENTS_FOR_LECTURE = 1_000_000;

    private final Workplace place;
    private final HttpTurns http;

    MemoryTurns(Workplace place, HttpTurns http) {
        this.place = place;
        this.http = http;
    }

    /** The most that the server's own process takes, from when it stands ready. */
    Turn peak(Contender contender, int length) {
        return new Turn(contender.title(), false, recorder -> {
            int elements = contender.isLecture() ? ELEMENTS_FOR_LECTURE : ELEMENTS;
            try (Server server = Server.start(contender.kind(), place, JVM_OPTIONS);
                    HttpConnection connection = new HttpConnection(server.port())) {
                ProcFs.forgetPeak(server.pid());
                try (UnsharedPeak unshared = new UnsharedPeak(server.pid())) {
                    for (int i = 0; i < Math.max(1, elements / length); i++) {
                        connection.post(contender.path(), http.list(length));
                    }
                    recorder.add(new Key(Quantity.PEAK_UNSHARED, contender.title(), length), unshared.bytes());
                    recorder.add(
                            new Key(Quantity.PEAK_RESIDENT, contender.title(), length),
                            ProcFs.status(server.pid(), "VmHWM"));
                }
            } catch (IOException e) {
                if (contender.kind() != Server.Kind.IN_PROCESS) {
                    throw e;
                }
                // That is the finding: what holds the whole list on its heap cannot answer.
                System.err.println(contender.title() + " gave up at " + length + " elements with " + HEAP + ": " + e);
            }
        });
    }

    /** What each of the idle workers adds to what is in use. */
    static double idleProportional(Server coordinator) throws IOException {
        List<Long> workers = coordinator.workers();
        double[] bytes = new double[workers.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ProcFs.smapsRollup(workers.get(i), "Pss");
        }
        return Samples.median(bytes);
    }

    /** The kernel keeps a peak of all resident pages only, so the rest is looked at over and over. */
    private static final class UnsharedPeak implements AutoCloseable {
        private final AtomicLong peak = new AtomicLong();
        private final AtomicBoolean closed = new AtomicBoolean();
        private final Thread sampler;

        UnsharedPeak(long pid) {
            sampler = Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (!closed.get()) {
                        long now = ProcFs.status(pid, "RssAnon") + ProcFs.status(pid, "RssFile");
                        peak.accumulateAndGet(now, Math::max);
                        Thread.sleep(SAMPLE_EVERY);
                    }
                } catch (IOException e) {
                    // The process has ended.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        long bytes() {
            return peak.get();
        }

        @Override
        public void close() {
            closed.set(true);
            try {
                sampler.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
