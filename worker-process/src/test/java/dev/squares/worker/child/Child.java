package dev.squares.worker.child;

import dev.squares.worker.memory.Job;
import dev.squares.worker.parent.WorkerCache;
import dev.squares.worker.parent.WorkerCommand;
import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.TrainedCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The real worker process, with both ends of its pipes in the test's hands. Killed at the end, whatever has happened. */
final class Child implements AutoCloseable {
    private static final long HEAP_BYTES = 32 << 20;

    private final Process process;
    private final BufferedReader stdout;
    private final StringWriter stderr = new StringWriter();
    private final CompletableFuture<Long> stderrEnd;

    private Child(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        process = builder.start();
        stdout = process.inputReader(StandardCharsets.UTF_8);
        stderrEnd = Background.run(this::readStderr);
    }

    /** From the AOT cache, as a service starts it. */
    static Child start() throws IOException {
        return new Child(TrainedCache.worker(HEAP_BYTES).arguments());
    }

    /** With one more option of the JVM, and without an AOT cache. */
    static Child start(String option) throws IOException {
        List<String> command = new ArrayList<>(WorkerCommand.java(classPath(), HEAP_BYTES).arguments());
        command.add(1, option);
        return new Child(command);
    }

    /** One that writes every class that it loads into a file; from an AOT cache it would have many of them at once. */
    static Child startLoggingClasses(Path file) throws IOException {
        List<String> command = new ArrayList<>(WorkerCommand.java(classPath(), HEAP_BYTES).arguments());
        // Behind the option that turns all logging off.
        command.add(command.indexOf("-cp"), "-Xlog:class+load:file=" + file);
        return new Child(command);
    }

    /** What is tested, wherever the build has put it. */
    static Path classPath() {
        try {
            return Path.of(WorkerCache.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private long readStderr() throws IOException {
        try (Reader in = process.errorReader(StandardCharsets.UTF_8)) {
            return in.transferTo(stderr);
        }
    }

    long pid() {
        return process.pid();
    }

    Child send(String line) throws IOException {
        return sendUnended(line + "\n");
    }

    Child sendUnended(String text) throws IOException {
        OutputStream stdin = process.getOutputStream();
        stdin.write(text.getBytes(StandardCharsets.UTF_8));
        stdin.flush();
        return this;
    }

    /** Gives it a job and reads the report. */
    @Nullable
    String square(Path file, Job.Mapping mapping, Job.View view) throws IOException {
        return send(new Job(file, mapping, view).line()).report();
    }

    /** Waits for the next line of its standard output; null if there is none any more. */
    @Nullable
    String report() throws IOException {
        return stdout.readLine();
    }

    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Whether there is something to read on its standard output. */
    boolean hasSpoken() throws IOException {
        return process.getInputStream().available() > 0;
    }

    /** The rest of its standard output, to the end. */
    String restOfOutput() throws IOException {
        return stdout.readAllAsString();
    }

    /** Waits for its end, which must come by itself: no test is to hang if it does not. */
    int exitCode() {
        return process.onExit().copy().orTimeout(1, TimeUnit.MINUTES).join().exitValue();
    }

    /** All of its standard error, to the end. */
    String stderr() {
        stderrEnd.join();
        return stderr.toString();
    }

    /** What there is of its standard error. */
    String stderrSoFar() {
        return stderr.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
