package dev.squares.worker.child;

import dev.squares.worker.memory.ChildMailbox;
import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.SharedSum;
import dev.squares.worker.memory.SlotJob;
import dev.squares.worker.memory.SumMode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A worker process that does its jobs as it should, but for some: {@code <awaited file>} for those whose list asks for a
 * {@link Misbehaviour}, {@code <misbehaviour> <good jobs> <ready file>} for the one after so many.
 *
 * <p>The ready file is made when the worker is about to hang. The awaited file is what {@link Misbehaviour#WAIT_FOR_THE_TEST} waits
 * for, and {@link Misbehaviour#REPORT_BEFORE_THE_JOB}, which deletes it when it has spoken unasked.
 */
public final class MisbehavingWorker {
    private static final OutputStream STDOUT = new FileOutputStream(FileDescriptor.out);
    private static final int SOME = 2;

    /** Lines, of some 20 bytes each. A pipe holds 64 KiB. */
    private static final int MORE_THAN_A_PIPE_HOLDS = 10_000;

    private final Misbehaviour always;
    private final int goodJobs;
    private final Path signal;
    private ChildMailbox mailbox;

    private MisbehavingWorker(Misbehaviour always, int goodJobs, Path signal) {
        this.always = always;
        this.goodJobs = goodJobs;
        this.signal = signal;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        MisbehavingWorker worker = args.length == 1
                ? new MisbehavingWorker(null, Integer.MAX_VALUE, Path.of(args[0]))
                : new MisbehavingWorker(Misbehaviour.valueOf(args[0]), Integer.parseInt(args[1]), Path.of(args[2]));
        worker.run();
    }

    private void run() throws IOException, InterruptedException {
        BufferedReader stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (int jobs = 0;; jobs++) {
            if (jobs == goodJobs && always == Misbehaviour.REPORT_BEFORE_THE_JOB) {
                // What is said sooner may reach the parent together with the report before.
                awaitSignal();
                say("{}\n");
                Files.delete(signal);
            }
            String line = stdin.readLine();
            if (line == null) {
                return;
            }
            if (SlotJob.isMailbox(line)) {
                mailbox = ChildMailbox.open(SlotJob.mailbox(line));
                jobs--;
                continue;
            }
            Task job = task(line);
            Misbehaviour misbehaviour = jobs < goodJobs ? asked(job) : always;
            if (misbehaviour == null) {
                doWell(job);
            } else {
                misbehave(misbehaviour, job);
            }
        }
    }

    /** What it is given to do, in a file of its own, a slice of one, or in a slot of its mailbox. */
    private record Task(Job.Mapping mapping, Job.View view, Memory memory, Job.Slice slice) {
        ChildMapping open() throws IOException {
            return memory.open(mapping);
        }
    }

    private interface Memory {
        ChildMapping open(Job.Mapping mapping) throws IOException;
    }

    private Task task(String line) {
        if (SlotJob.isOne(line)) {
            SlotJob job = SlotJob.parse(line);
            mailbox.begin();
            return new Task(job.mapping(), job.view(), mapping -> mailbox.open(job.number(), mapping),
                    null);
        }
        Job job = Job.parse(line);
        Job.Slice slice = job.slice();
        // What is mapped for a slice stays so.
        return new Task(job.mapping(), job.view(), slice == null
                ? mapping -> ChildMapping.open(job.file(), mapping)
                : mapping -> ChildMapping.open(job.file(), mapping).slice(slice.number()), slice);
    }

    /** What the list asks for; null if nothing. */
    private Misbehaviour asked(Task job) throws IOException {
        if (always != null) {
            return null;
        }
        try (ChildMapping list = job.open()) {
            return list.count() == 0 ? null : Misbehaviour.of(list.input(0));
        }
    }

    private void misbehave(Misbehaviour misbehaviour, Task job) throws IOException, InterruptedException {
        if (misbehaviour != Misbehaviour.CRASH_BEFORE_MAPPING) {
            squareSome(job);
        }
        switch (misbehaviour) {
            case CRASH_BEFORE_MAPPING -> crash(41);
            case CRASH_HALFWAY -> crash(42);
            case KILLED_HALFWAY -> {
                new ProcessBuilder("/bin/sh", "-c", "kill -9 $PPID").start().waitFor();
                hang();
            }
            case CRASH_AFTER_PUBLISHING -> {
                try (ChildMapping file = job.open()) {
                    Squaring.run(file, pid());
                    crash(43);
                }
            }
            case CRASH_AFTER_REPORTING -> {
                doWell(job);
                crash(44);
            }
            case EXIT_SILENTLY -> Runtime.getRuntime().halt(0);
            case CLOSE_STDOUT -> {
                STDOUT.close();
                hang();
            }
            case GARBAGE -> say("no report at all\n");
            case HALF_A_LINE -> {
                say("{\"pid\":");
                Runtime.getRuntime().halt(0);
            }
            case EMPTY_LINE -> say("\n");
            case ENDLESS_NUMBER -> sayEndlessly("{\"pid\":1", "1");
            case ENDLESS_SPACE -> sayEndlessly("{", " ");
            case ENDLESS_SQUARES -> sayEndlessly("{\"pid\":1,\"count\":4,\"sum\":30,\"squares\":[1", ",1");
            case DEEP_NESTING -> sayEndlessly("", "[");
            case TWO_LINES -> say("{\"pid\":1,\"count\":0,\"sum\":0,\"squares\":[]}\n{}\n");
            case NOTHING_BUT_A_PID -> say("{\"pid\":1}\n");
            case UNKNOWN_MEMBER -> say("{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1],\"mood\":1}\n");
            case WRONG_COUNT -> say("{\"pid\":1,\"count\":4,\"sum\":1,\"squares\":[1]}\n");
            case WRONG_KIND -> say("{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[\"1\"]}\n");
            case LOUD_AND_RIGHT -> {
                complain(MORE_THAN_A_PIPE_HOLDS);
                doWell(job);
            }
            case ENDLESS_STDERR -> {
                ready();
                complain(MORE_THAN_A_PIPE_HOLDS);
                while (true) {
                    // There is no end of it, but the processor is for others as well.
                    Thread.sleep(10);
                    complain(10);
                }
            }
            case HANG, REPORT_BEFORE_THE_JOB -> hang();
            case HANG_AND_IGNORE_TERM -> {
                Runtime.getRuntime().addShutdownHook(new Thread(this::hang));
                hang();
            }
            case HANG_IN_MID_REPORT -> {
                say("{\"pid\":1,");
                hang();
            }
            case REPORT_AND_IGNORE_THE_END -> {
                doWell(job);
                hang();
            }
            case REPORT_OTHER_SQUARES -> {
                try (ChildMapping file = job.open()) {
                    Squaring.run(file, pid());
                    say("{\"pid\":" + pid() + ",\"count\":4,\"sum\":" + file.sum() + ",\"squares\":[1,2,3,4]}\n");
                }
            }
            case REPORT_WITHOUT_PUBLISHING -> {
                // Its own copy of what it should have shared.
                doWell(new Task(Job.Mapping.PRIVATE, job.view(), job.memory(), job.slice()));
            }
            case WAIT_FOR_THE_TEST -> {
                awaitSignal();
                doWell(job);
            }
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static void doWell(Task job) throws IOException {
        try (ChildMapping file = job.open()) {
            Report report = new Report(STDOUT);
            if (job.slice() == null) {
                Squaring.run(file, pid());
            } else {
                SharedSum sum = job.slice().sum() == SumMode.OWN ? null : file.sharedSum(job.slice().sum());
                if (sum != null) {
                    sum.awaitAll();
                }
                Squaring.run(file, sum, pid());
            }
            report.write(file, job.view(), pid());
            report.flush();
        }
    }

    private static void squareSome(Task job) throws IOException {
        try (ChildMapping file = job.open()) {
            long some = Math.min(SOME, file.count());
            for (long i = 0; i < some; i++) {
                file.squares(i, 1).put(0, file.input(i) * file.input(i));
            }
            file.publishProgress(some);
        }
    }

    private static void say(String text) throws IOException {
        STDOUT.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void sayEndlessly(String begin, String more) {
        String many = more.repeat(10_000);
        try {
            say(begin);
            while (true) {
                say(many);
            }
        } catch (IOException e) {
            // Nobody reads it any more.
            hang();
        }
    }

    private static void complain(int lines) {
        for (int line = 0; line < lines; line++) {
            System.err.println("line " + line + " of very many");
        }
    }

    private static void crash(int exitCode) {
        System.err.println("last words");
        Runtime.getRuntime().halt(exitCode);
    }

    private void awaitSignal() throws InterruptedException {
        while (!Files.exists(signal)) {
            Thread.sleep(5);
        }
    }

    private void ready() {
        if (always == null) {
            return;
        }
        try {
            Files.createFile(signal);
        } catch (FileAlreadyExistsException e) {
            // It has hung before, as a shutdown hook does.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void hang() {
        ready();
        while (true) {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                // Nothing can wake it.
            }
        }
    }
}
