package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.Quota;
import dev.squares.worker.memory.SumMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Several children on one list: over HTTP, beside as many threads of one process, and the children alone, without a coordinator. */
final class CooperationTurns {
    static final List<Integer> LENGTHS = List.of(100_000, 1_000_000);

    /** How many of them share a list. */
    private static final List<Integer> PROCESSES = List.of(1, 2, 4);

    private static final List<SumMode> SHARED_SUMS = List.of(SumMode.UNSYNCHRONIZED, SumMode.ATOMIC, SumMode.LOCKED);

    /** At which the parts of what a request does are measured, too. */
    private static final int LENGTH_OF_PARTS = 1_000_000;

    private static final int RACE_LENGTH = 1_000_000;
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int KERNEL_ELEMENTS = 50_000_000;
    private static final int WARM_UPS = 3;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Options options;
    private final Stage stage;
    private final HttpTurns http;

    CooperationTurns(Options options, Stage stage, HttpTurns http) {
        this.options = options;
        this.stage = stage;
        this.http = http;
    }

    static String pooled(int length) {
        return "pooled, n=" + Shown.count(length);
    }

    static String threads(int length) {
        return "parallel stream, n=" + Shown.count(length);
    }

    static String alone(int length) {
        return "children alone, n=" + Shown.count(length);
    }

    static String kernel(int length) {
        return "squaring and encoding alone, n=" + Shown.count(length);
    }

    static String sum(SumMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    static Stream<String> sums() {
        return SHARED_SUMS.stream().map(CooperationTurns::sum);
    }

    /** By number of processes, or of threads. */
    List<Turn> byProcesses(int length) {
        List<Turn> turns = new ArrayList<>();
        for (int processes : PROCESSES) {
            turns.add(http(Server.Kind.SECOND_COORDINATOR, pooled(length), length, processes,
                    "/square?process=pooled&processes=" + processes));
            turns.add(http(Server.Kind.IN_PROCESS, threads(length), length, processes,
                    "/parallel?threads=" + processes));
            if (length == LENGTH_OF_PARTS) {
                turns.add(alone(Quantity.BY_PROCESSES, alone(length), length, processes, Job.View.FULL, SumMode.OWN));
                turns.add(kernel(length, processes));
            }
        }
        return turns;
    }

    /** What it costs to add to one sum, by how that is done. */
    List<Turn> sumsByProcesses() {
        return PROCESSES.stream()
                .flatMap(processes -> SHARED_SUMS.stream()
                        .map(mode -> alone(Quantity.UPDATE, sum(mode), RACE_LENGTH, processes, Job.View.SUMMARY, mode)))
                .toList();
    }

    private Turn http(Server.Kind kind, String subject, int length, int processes, String path) {
        return new Turn(subject + ", " + processes, true, recorder -> {
            IntegerList list = http.list(length).answeredBy("\"squares\":[");
            try (HttpConnection connection = new HttpConnection(stage.server(kind).port())) {
                connection.post(path, list);
                List<Double> times = http.ask(connection, path, list, Duration.ZERO);
                recorder.add(new Key(Quantity.BY_PROCESSES, subject, processes), new Samples.Summary(times).median());
            }
        });
    }

    private void start(List<Child> children, int processes, Redirect reports) throws IOException, InterruptedException {
        List<String> command = stage.server(Server.Kind.COORDINATOR).workerCommand(false);
        for (int i = 0; i < processes; i++) {
            children.add(Child.start(command, reports));
        }
    }

    private Turn alone(
            Quantity quantity, String subject, int length, int processes, Job.View view, SumMode mode) {
        return new Turn(subject + ", " + processes, false, recorder -> {
            List<Double> times = new ArrayList<>();
            List<Child> children = new ArrayList<>();
            try {
                start(children, processes, Redirect.PIPE);
                for (int i = 0; i < WARM_UPS; i++) {
                    run(children, length, view, mode);
                }
                long end = System.nanoTime() + Duration.ofSeconds(options.seconds()).toNanos();
                do {
                    times.add(run(children, length, view, mode));
                } while (System.nanoTime() < end);
            } finally {
                children.forEach(Child::close);
            }
            double median = new Samples.Summary(times).median();
            recorder.add(new Key(quantity, subject, processes), quantity == Quantity.UPDATE ? median / length : median);
        });
    }

    /** What nobody reads: the reports go where the kernel throws them away. */
    private Turn kernel(int length, int processes) {
        return new Turn(kernel(length) + ", " + processes, false, recorder -> {
            List<Child> children = new ArrayList<>();
            Path folder = options.place().newSharedFolder();
            Path warmUp = folder.resolve("warm-up");
            Path file = folder.resolve("list");
            try {
                write(warmUp, length, processes);
                write(file, length, processes);
                start(children, processes, Redirect.DISCARD);
                int jobs = KERNEL_ELEMENTS / length;
                for (int i = 0; i < processes; i++) {
                    children.get(i).sendAll(warmUp, i, processes * jobs);
                    children.get(i).sendAll(file, i, jobs);
                    // Is no job, and ends a child that has done those before.
                    children.get(i).sendLine("no more");
                }
                recorder.add(new Key(Quantity.BY_PROCESSES, kernel(length), processes),
                        fromBeginToExit(children, file) / jobs);
            } finally {
                children.forEach(Child::close);
                Files.deleteIfExists(warmUp);
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        });
    }

    /** Returns the seconds from the first square that each child publishes in a file to the end of the child: the longest. */
    private static double fromBeginToExit(List<Child> children, Path file) throws IOException, InterruptedException {
        long[] begun = new long[children.size()];
        double longest = 0;
        try (ParentMapping memory = ParentMapping.open(file)) {
            for (int left = children.size(); left > 0; Thread.sleep(1)) {
                for (int i = 0; i < begun.length; i++) {
                    if (begun[i] == 0 && memory.slice(i).written() > 0) {
                        begun[i] = System.nanoTime();
                        left--;
                    }
                }
            }
        }
        for (int i = 0; i < begun.length; i++) {
            children.get(i).process.waitFor();
            longest = Math.max(longest, (System.nanoTime() - begun[i]) / NANOS_PER_SECOND);
        }
        return longest;
    }

    /** Returns the seconds from the first job that is sent to the end of the last report. */
    private double run(List<Child> children, int length, Job.View view, SumMode mode)
            throws IOException, InterruptedException {
        Path folder = options.place().newSharedFolder();
        Path file = folder.resolve("list");
        try {
            write(file, length, children.size());
            return run(children, file, view, mode);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static void write(Path file, int length, int slices) throws IOException {
        Path folder = Objects.requireNonNull(file.getParent());
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(folder), slices)) {
            for (long input = 1; input <= length; input++) {
                // Small enough for the sum of all squares to fit 64 bits.
                writer.add(input % 1_000_000);
            }
            writer.complete();
        }
    }

    private static double run(List<Child> children, Path file, Job.View view, SumMode mode)
            throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(children.size());
        AtomicInteger whole = new AtomicInteger();
        for (Child child : children) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    child.readLine();
                    whole.incrementAndGet();
                } catch (IOException e) {
                    // One less is whole.
                } finally {
                    ended.countDown();
                }
            });
        }
        long start = System.nanoTime();
        for (int i = 0; i < children.size(); i++) {
            children.get(i).send(new Job(file, Job.Mapping.SHARED, view, new Job.Slice(i, mode)));
        }
        ended.await();
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        if (whole.get() < children.size()) {
            throw new IOException("a child ended without its report");
        }
        return seconds;
    }

    /** A worker process, as a coordinator starts it. */
    private record Child(Process process, InputStream stdout, OutputStream stdin) implements AutoCloseable {
        static Child start(List<String> command, Redirect reports) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD)
                    .redirectOutput(reports);
            builder.environment().clear();
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            return new Child(process, process.getInputStream(), process.getOutputStream());
        }

        void send(Job job) throws IOException {
            sendLine(job.line());
        }

        void sendAll(Path file, int slice, int jobs) throws IOException {
            for (int job = 0; job < jobs; job++) {
                send(new Job(file, Job.Mapping.SHARED, Job.View.FULL, new Job.Slice(slice, SumMode.OWN)));
            }
        }

        void sendLine(String line) throws IOException {
            stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
        }

        void readLine() throws IOException {
            byte[] block = new byte[BLOCK_BYTES];
            int got;
            do {
                got = stdout.read(block);
                if (got < 0) {
                    throw new IOException("it has ended");
                }
            } while (block[got - 1] != '\n');
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
