package dev.squares.worker.child;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A worker process that does some jobs as it should and then does not: {@code <misbehaviour> <good jobs> <file>}. The file is
 * made when it is about to wait for ever, or has spoken unasked.
 */
public final class MisbehavingMain {
    private static final OutputStream STDOUT = new FileOutputStream(FileDescriptor.out);

    /** What it does instead of the job; one of the lines below each. */
    public enum Misbehaviour {
        CRASHES_BEFORE_MAPPING,
        CRASHES_WHILE_WRITING,
        CRASHES_BEFORE_REPORTING,
        CRASHES_AFTER_REPORTING,
        EXITS_IN_SILENCE,
        SAYS_GARBAGE,
        SAYS_HALF_A_REPORT,
        NEVER_ENDS_ITS_LINE,
        SAYS_TWO_LINES,
        SPEAKS_UNASKED,
        FLOODS_STDERR,
        HANGS,
        IGNORES_END_OF_INPUT,
        IGNORES_SIGTERM,
        CLOSES_STDOUT
    }

    private MisbehavingMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        BufferedReader stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Misbehaviour how = Misbehaviour.valueOf(args[0]);
        for (int goodJobs = Integer.parseInt(args[1]); goodJobs > 0; goodJobs--) {
            doWell(Job.parse(stdin.readLine()));
        }
        Path ready = Path.of(args[2]);
        if (how == Misbehaviour.SPEAKS_UNASKED) {
            say("{}\n");
            Files.createFile(ready);
        }
        String line = stdin.readLine();
        if (line == null) {
            return;
        }
        misbehave(how, Job.parse(line), ready);
    }

    private static void misbehave(Misbehaviour how, Job job, Path ready) throws IOException, InterruptedException {
        switch (how) {
            case CRASHES_BEFORE_MAPPING -> crash(3);
            case CRASHES_WHILE_WRITING -> {
                try (ChildMapping memory = ChildMapping.open(job.file(), job.mapping())) {
                    memory.squares(0, 1).put(0, 1);
                    memory.squares(1, 1).put(0, 4);
                    memory.publishProgress(2);
                    crash(4);
                }
            }
            case CRASHES_BEFORE_REPORTING -> {
                try (ChildMapping memory = ChildMapping.open(job.file(), job.mapping())) {
                    Squaring.run(memory, ProcessHandle.current().pid());
                    crash(5);
                }
            }
            case CRASHES_AFTER_REPORTING -> {
                doWell(job);
                crash(6);
            }
            case EXITS_IN_SILENCE -> Runtime.getRuntime().halt(0);
            case SAYS_GARBAGE -> {
                System.err.println("garbage is coming");
                say("no report at all\n");
                hang(ready);
            }
            case SAYS_HALF_A_REPORT -> {
                say("{\"pid\":");
                Runtime.getRuntime().halt(0);
            }
            case NEVER_ENDS_ITS_LINE -> {
                while (true) {
                    say("{".repeat(1000));
                }
            }
            case SAYS_TWO_LINES -> {
                say("{}\n{}\n");
                hang(ready);
            }
            case FLOODS_STDERR -> {
                Files.createFile(ready);
                for (long line = 0;; line++) {
                    System.err.println("line " + line + " of very many");
                }
            }
            case HANGS, SPEAKS_UNASKED -> hang(ready);
            case IGNORES_END_OF_INPUT -> {
                doWell(job);
                hang(ready);
            }
            case IGNORES_SIGTERM -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> hang(ready)));
                hang(ready);
            }
            case CLOSES_STDOUT -> {
                STDOUT.close();
                hang(ready);
            }
        }
    }

    private static void doWell(Job job) throws IOException {
        long pid = ProcessHandle.current().pid();
        try (ChildMapping memory = ChildMapping.open(job.file(), job.mapping())) {
            Squaring.run(memory, pid);
            new Report(STDOUT).write(memory, job.view(), pid);
        }
    }

    private static void say(String text) throws IOException {
        STDOUT.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void crash(int exitCode) {
        System.err.println("last words");
        Runtime.getRuntime().halt(exitCode);
    }

    private static void hang(Path ready) {
        try {
            if (!Files.exists(ready)) {
                Files.createFile(ready);
            }
            new CountDownLatch(1).await();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
