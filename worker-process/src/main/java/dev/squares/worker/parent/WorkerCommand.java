package dev.squares.worker.parent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How a child is started.
 *
 * @param arguments the program and its arguments
 */
public record WorkerCommand(List<String> arguments) {
    /** Its name and not its class: this package runs in the parent and does not depend on what runs in the child. */
    static final String MAIN = "dev.squares.worker.child.Main";

    private static final String STAND_IN_MAIN = "dev.squares.worker.child.StandInMain";

    static final String TRAINING_MAIN = "dev.squares.worker.child.TrainingMain";

    private static final Map<String, String> ENVIRONMENT = Map.of(
            // A child must find files whatever their names, in the one locale that every C library has.
            "LC_ALL",
            "C.UTF-8",
            // Each thread's own arena would keep what the compiler is done with. See mallopt(3).
            "MALLOC_ARENA_MAX",
            "1");

    /** In the environment of a child: which start it comes from. */
    private static final String START = "SQUARES_WORKER_START";

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** Of every worker's JVM. */
    static final List<String> FLAGS = List.of(
            // The cheapest collector to start. There is next to nothing to collect.
            "-XX:+UseSerialGC",
            // As little of the heap is touched before it is collected: idle memory counts, and nothing lives long.
            "-Xmn512k",
            // The AOT cache is mapped where it was made for. Anywhere else, most of its pages become every worker's
            // own.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            // No file in /tmp that jps could read: one less thing to leave behind.
            "-XX:-UsePerfData",
            // Standard output belongs to the protocol: what the JVM has to say goes to standard error.
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-XX:+DisplayVMOutputToStderr",
            "-XX:+ErrorFileToStderr",
            "-XX:-CreateCoredumpOnCrash",
            // An AOT cache that is missing, or cannot be used, only costs time.
            "-Xlog:aot=off:stderr");

    private static final String HIGHEST_OOM_SCORE = "1000";

    public WorkerCommand {
        arguments = List.copyOf(arguments);
    }

    /**
     * A worker on the JDK that runs this process.
     *
     * @param classPath a jar or folder with the worker's classes
     * @param heapBytes the most that the child's heap may take
     */
    public static WorkerCommand java(Path classPath, long heapBytes) {
        return java(classPath, heapBytes, MAIN);
    }

    /** @param aotOption what the JVM is to do about an AOT cache */
    static WorkerCommand java(Path classPath, long heapBytes, String main, String... aotOption) {
        return new WorkerCommand(Stream.of(
                Stream.of(JAVA, "-Xmx" + heapBytes),
                FLAGS.stream(),
                Stream.of(aotOption),
                Stream.of("-cp", classPath.toString(), main))
                .flatMap(arguments -> arguments)
                .toList());
    }

    /**
     * The same worker for one job: the JVM's first compiler is done with its code sooner, and for less, than both are. The AOT cache is
     * the same.
     */
    WorkerCommand withFirstCompilerAlone() {
        return new WorkerCommand(Stream.concat(
                Stream.of(arguments.getFirst(), "-XX:TieredStopAtLevel=1"),
                arguments.stream().skip(1))
                .toList());
    }

    /** The same worker as the child of a process in between, which has the same pipes. */
    WorkerCommand behindStandIn() {
        return new WorkerCommand(Stream.concat(
                arguments.stream().map(argument -> argument.equals(MAIN) ? STAND_IN_MAIN : argument),
                arguments.stream())
                .toList());
    }

    /** Starts a child with the three pipes, and nothing of this process's environment. */
    Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(arguments);
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        String mark = UUID.randomUUID().toString();
        builder.environment().put(START, mark);
        Process process;
        try {
            process = builder.start();
        } catch (Error e) {
            killChild(mark);
            throw e;
        }
        offerToOomKiller(process.pid());
        return process;
    }

    /**
     * Kills the child of a start that failed after the fork: the JDK creates the thread that reaps a child when the child is
     * there, and where the thread cannot be created nobody knows of the child.
     */
    private static void killChild(String mark) {
        ProcessHandle.current()
                .children()
                .filter(child -> isMarked(child, mark))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static boolean isMarked(ProcessHandle child, String mark) {
        try {
            return Files
                    .readString(Path.of("/proc", Long.toString(child.pid()), "environ"), StandardCharsets.ISO_8859_1)
                    .contains(mark);
        } catch (IOException e) {
            // It has ended, or this is no Linux.
            return false;
        }
    }

    /** Where memory runs out, the kernel is to end a child, which can be replaced, and not its parent. See proc(5). */
    private static void offerToOomKiller(long pid) {
        try {
            Files.writeString(Path.of("/proc", Long.toString(pid), "oom_score_adj"), HIGHEST_OOM_SCORE);
        } catch (IOException e) {
            // It has ended already, or this is no Linux.
        }
    }
}
