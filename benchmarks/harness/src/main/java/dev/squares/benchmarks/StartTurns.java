package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.Quota;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM costs from its start to its exit: one with an empty {@code main}, and a worker with one job of four. Both with
 * the flags with which the coordinator starts its workers, and each with an AOT cache of its own if the workers have one.
 */
final class StartTurns {
    static final String EMPTY = "empty JVM";
    static final String WORKER = "worker, one job";
    static final String CORES_ALLOW = "what the cores allow";

    /** On so many connections the coordinator is asked for what the cores allow. */
    static final int CONNECTIONS = 2;

    private static final int LEAST_STARTS = 5;
    private static final int STARTS_PER_SECOND = 5;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String AOT_CACHE = "-XX:AOTCache=";
    private static final String AOT_MODE = "-XX:AOTMode=";

    private final Options options;
    private final Stage stage;
    private @Nullable List<String> worker;
    private @Nullable List<String> empty;
    private @Nullable Job job;

    StartTurns(Options options, Stage stage) {
        this.options = options;
        this.stage = stage;
    }

    List<Turn> both() {
        return List.of(
                new Turn(EMPTY, true, recorder -> {
                    double cpu = measure(EMPTY, empty(), null, recorder);
                    int cores = Runtime.getRuntime().availableProcessors();
                    recorder.add(new Key(Quantity.RATE, CORES_ALLOW, CONNECTIONS), cores / cpu);
                }),
                new Turn(WORKER, true, recorder -> measure(WORKER, worker(), job(), recorder)));
    }

    private double measure(String subject, List<String> command, @Nullable Job job, Turn.Recorder recorder)
            throws IOException, InterruptedException {
        double[] times = new double[Math.max(LEAST_STARTS, options.seconds() * STARTS_PER_SECOND)];
        double cpu = ProcFs.endedChildrensCpuSeconds();
        for (int i = 0; i < times.length; i++) {
            times[i] = startToExit(command, job);
        }
        cpu = (ProcFs.endedChildrensCpuSeconds() - cpu) / times.length;
        recorder.add(new Key(Quantity.START_TO_EXIT, subject, HttpTurns.SMALL), Samples.median(times));
        recorder.add(new Key(Quantity.START_TO_EXIT_CPU, subject, HttpTurns.SMALL), cpu);
        return cpu;
    }

    private static double startToExit(List<String> command, @Nullable Job job)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        long start = System.nanoTime();
        Process process = builder.start();
        try (InputStream stdout = process.getInputStream()) {
            // Its end tells a worker to exit.
            try (OutputStream stdin = process.getOutputStream()) {
                if (job != null) {
                    stdin.write((job.line() + "\n").getBytes(StandardCharsets.UTF_8));
                    stdin.flush();
                    readLine(stdout);
                }
            }
            if (process.waitFor() != 0) {
                throw new IOException("ended with " + process.exitValue() + ": " + command);
            }
        }
        return (System.nanoTime() - start) / NANOS_PER_SECOND;
    }

    private static void readLine(InputStream from) throws IOException {
        int next = from.read();
        while (next != '\n') {
            if (next < 0) {
                throw new IOException("the worker ended without a report");
            }
            next = from.read();
        }
    }

    /** The command line of a worker for a fresh request. */
    private List<String> worker() throws IOException, InterruptedException {
        if (worker == null) {
            worker = stage.server(Server.Kind.COORDINATOR).workerCommand(true);
        }
        return worker;
    }

    private Job job() throws IOException {
        if (job == null) {
            Path folder = options.place().newSharedFolder();
            Path file = folder.resolve("list");
            try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(folder))) {
                for (long input = 1; input <= HttpTurns.SMALL; input++) {
                    writer.add(input);
                }
                writer.complete();
            }
            job = new Job(file, Job.Mapping.SHARED, Job.View.FULL);
        }
        return job;
    }

    private List<String> empty() throws IOException, InterruptedException {
        if (empty == null) {
            Path folder = options.place().newFolder("empty");
            Path jar = jar(folder.resolve("empty.jar"));
            Path cache = folder.resolve("empty.aot");
            List<String> flags = new ArrayList<>();
            List<String> program = List.of("-cp", jar.toString(), Empty.class.getName());
            List<String> command = worker();
            for (String argument : command.subList(0, command.indexOf("-cp"))) {
                if (!argument.startsWith(AOT_CACHE) && !argument.startsWith(AOT_MODE)) {
                    flags.add(argument);
                }
            }
            if (flags.size() < command.indexOf("-cp")) {
                startToExit(concat(flags, List.of("-XX:AOTCacheOutput=" + cache), program), null);
                flags.add(AOT_CACHE + cache);
            }
            empty = concat(flags, List.of(), program);
        }
        return empty;
    }

    private static List<String> concat(List<String> first, List<String> second, List<String> third) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        return all;
    }

    private static Path jar(Path file) throws IOException {
        String name = Empty.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
                InputStream bytes = Empty.class.getClassLoader().getResourceAsStream(name)) {
            jar.putNextEntry(new JarEntry(name));
            if (bytes != null) {
                bytes.transferTo(jar);
            }
        }
        return file;
    }
}
