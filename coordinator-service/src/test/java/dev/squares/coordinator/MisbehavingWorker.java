package dev.squares.coordinator;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.ParentMapping;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A worker that works as it should, unless its list begins with the number of a {@link Misbehaviour}. */
final class MisbehavingWorker {
    private static final PrintStream OUT = new PrintStream(
            new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);

    private MisbehavingWorker() {}

    /** @param args a file, for which {@link Misbehaviour#WAIT_FOR_THE_TEST} waits */
    public static void main(String[] args) throws Exception {
        BufferedReader stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = stdin.readLine(); line != null; line = stdin.readLine()) {
            run(Job.parse(line), Path.of(args[0]));
        }
    }

    private static void run(Job job, Path awaited) throws Exception {
        Misbehaviour misbehaviour;
        try (ParentMapping file = ParentMapping.open(job.file())) {
            misbehaviour = file.count() == 0 ? null : Misbehaviour.of(file.input(0));
        }
        if (misbehaviour == Misbehaviour.CRASH_BEFORE_MAPPING) {
            Runtime.getRuntime().halt(41);
        }
        try (ChildMapping file = ChildMapping.open(job.file(), job.mapping())) {
            if (misbehaviour == null) {
                square(file, file.count());
                publish(file);
                report(file, job);
            } else {
                misbehave(misbehaviour, file, job, awaited);
            }
        }
    }

    private static void misbehave(Misbehaviour misbehaviour, ChildMapping file, Job job, Path awaited)
            throws Exception {
        square(file, 2);
        switch (misbehaviour) {
            case CRASH_BEFORE_MAPPING -> throw new AssertionError("too late");
            case CRASH_HALFWAY -> Runtime.getRuntime().halt(42);
            case KILLED_HALFWAY -> killMyself();
            case CRASH_AFTER_PUBLISHING -> {
                square(file, file.count());
                publish(file);
                System.err.println("my last words");
                Runtime.getRuntime().halt(43);
            }
            case CRASH_AFTER_REPORTING -> {
                square(file, file.count());
                publish(file);
                report(file, job);
                Runtime.getRuntime().halt(44);
            }
            case EXIT_SILENTLY -> Runtime.getRuntime().halt(0);
            case GARBAGE -> OUT.println("Hello, world!");
            case HALF_A_LINE -> {
                OUT.print("{\"pid\":");
                OUT.flush();
                Runtime.getRuntime().halt(0);
            }
            case EMPTY_LINE -> OUT.println();
            case ENDLESS_NUMBER -> endlessly("{\"pid\":1", "1");
            case ENDLESS_SPACE -> endlessly("{", " ");
            case ENDLESS_SQUARES -> endlessly("{\"pid\":1,\"count\":4,\"sum\":30,\"squares\":[1", ",1");
            case DEEP_NESTING -> endlessly("", "[");
            case TWO_LINES -> {
                OUT.print("{\"pid\":1,\"count\":0,\"sum\":0,\"squares\":[]}\n{}\n");
                OUT.flush();
            }
            case NOTHING_BUT_A_PID -> OUT.println("{\"pid\":1}");
            case UNKNOWN_MEMBER -> OUT.println("{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1],\"mood\":1}");
            case WRONG_COUNT -> OUT.println("{\"pid\":1,\"count\":4,\"sum\":1,\"squares\":[1]}");
            case WRONG_KIND -> OUT.println("{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[\"1\"]}");
            case LOUD_AND_RIGHT -> {
                for (int i = 0; i < 100_000; i++) {
                    System.err.println("I have something to say that fills every pipe: " + i);
                }
                square(file, file.count());
                publish(file);
                report(file, job);
            }
            case ENDLESS_COMPLAINT -> {
                while (true) {
                    System.err.println("I do not like this list");
                }
            }
            case HANG -> hang();
            case HANG_AND_IGNORE_TERM -> {
                Runtime.getRuntime().addShutdownHook(new Thread(MisbehavingWorker::hang));
                hang();
            }
            case HANG_IN_MID_REPORT -> {
                OUT.print("{\"pid\":1,");
                OUT.flush();
                hang();
            }
            case REPORT_AND_IGNORE_THE_END -> {
                square(file, file.count());
                publish(file);
                report(file, job);
                hang();
            }
            case REPORT_OTHER_SQUARES -> {
                square(file, file.count());
                publish(file);
                OUT.println("{\"pid\":" + ProcessHandle.current().pid() + ",\"count\":4,\"sum\":" + file.sum()
                        + ",\"squares\":[1,2,3,4]}");
            }
            case REPORT_WITHOUT_PUBLISHING -> {
                square(file, file.count());
                report(file, job);
            }
            case WAIT_FOR_THE_TEST -> {
                while (!Files.exists(awaited)) {
                    Thread.sleep(5);
                }
                square(file, file.count());
                publish(file);
                report(file, job);
            }
        }
    }

    private static void square(ChildMapping file, long count) {
        for (long i = 0; i < count; i++) {
            file.squares(i, 1).put(0, file.input(i) * file.input(i));
        }
        file.publishProgress(count);
    }

    private static void publish(ChildMapping file) {
        BigInteger sum = BigInteger.ZERO;
        for (long i = 0; i < file.count(); i++) {
            sum = sum.add(BigInteger.valueOf(file.square(i)));
        }
        file.publishDone(sum.shiftRight(Long.SIZE).longValue(), sum.longValue(), ProcessHandle.current().pid());
    }

    private static void report(ChildMapping file, Job job) {
        StringBuilder report = new StringBuilder("{\"pid\":").append(ProcessHandle.current().pid())
                .append(",\"count\":")
                .append(file.count())
                .append(",\"sum\":")
                .append(file.sum());
        if (job.view() == Job.View.FULL) {
            report.append(",\"squares\":[");
            for (long i = 0; i < file.count(); i++) {
                report.append(i == 0 ? "" : ",").append(file.square(i));
            }
            report.append("]");
        }
        OUT.print(report.append("}\n"));
        OUT.flush();
    }

    private static void endlessly(String begin, String more) {
        OUT.print(begin);
        String many = more.repeat(10_000);
        while (true) {
            OUT.print(many);
            if (OUT.checkError()) {
                hang();
            }
        }
    }

    private static void killMyself() throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -9 $PPID").start().waitFor();
        hang();
    }

    private static void hang() {
        while (true) {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                // Nothing can wake it.
            }
        }
    }
}
