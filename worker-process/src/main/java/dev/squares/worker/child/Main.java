package dev.squares.worker.child;

import dev.squares.worker.memory.BadMappedFileException;
import dev.squares.worker.memory.ChildMailbox;
import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.SharedSum;
import dev.squares.worker.memory.SlotJob;
import dev.squares.worker.memory.SumMode;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The worker process. Reads one job a line from standard input, writes one report a line to standard output, until standard
 * input ends. Standard error is for diagnostics. Any failure ends the process, with an exit code of sysexits(3) and a message.
 */
public final class Main {
    /** {@code EX_USAGE}: the line was no job. */
    private static final int BAD_JOB = 64;

    /** {@code EX_DATAERR}: the file was no mapped file, or held a number whose square does not fit. */
    private static final int BAD_FILE = 65;

    /** {@code EX_IOERR}: the file could not be opened or mapped, its memory could not be had, or nobody takes the report. */
    private static final int IO_FAILED = 74;

    /** {@code EX_SOFTWARE}: a mistake of this program's. */
    private static final int MISTAKE = 70;

    private final OutputStream protocol;
    private final Report report;
    private final long pid;
    private @Nullable ChildMailbox mailbox;

    private Main(OutputStream protocol, long pid) {
        this.protocol = protocol;
        this.report = new Report(protocol);
        this.pid = pid;
    }

    public static void main(String[] args) throws IOException {
        if (args.length > 0) {
            explainUsage(List.of("--help", "-h").contains(args[0]));
            return;
        }
        OutputStream protocol = new FileOutputStream(FileDescriptor.out);
        // Whatever else prints must not be able to garble a report.
        System.setOut(System.err);

        Main worker = new Main(protocol, ownPid());
        CommandReader parent = new CommandReader(new FileInputStream(FileDescriptor.in), worker::run, worker::flush);
        new Thread(parent, "other").start();
        parent.run();
    }

    private static void explainUsage(boolean isWanted) {
        (isWanted ? System.out : System.err).println("""
                worker: squares lists in files that it maps, and takes no arguments.

                Each line of its standard input is a job:
                  %s
                and each line of its standard output the report on one. It ends with its standard input.""".formatted(
                Job.USAGE));
        if (!isWanted) {
            System.exit(BAD_JOB);
        }
    }

    /** See proc(5). Where there is none, ask Java, which makes threads for processes first: more than a millisecond of a start. */
    private static long ownPid() throws IOException {
        String self = new File("/proc/self").getCanonicalFile().getName();
        return self.equals("self") ? ProcessHandle.current().pid() : Long.parseLong(self);
    }

    private void run(String line, CommandReader parent) {
        try {
            if (SlotJob.isOne(line)) {
                run(SlotJob.parse(line));
            } else if (SlotJob.isMailbox(line)) {
                mailbox = ChildMailbox.open(SlotJob.mailbox(line));
            } else {
                run(Job.parse(line), parent);
            }
        } catch (IllegalArgumentException e) {
            fail(BAD_JOB, e);
        } catch (BadMappedFileException | ArithmeticException e) {
            fail(BAD_FILE, e);
        } catch (IOException | InternalError e) {
            // A mapped page that cannot be had, on a full tmpfs or of a truncated file, is an InternalError on the JVM.
            fail(IO_FAILED, e);
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            fail(MISTAKE, e);
        }
    }

    private void run(SlotJob job) throws IOException {
        if (mailbox == null) {
            throw new IllegalArgumentException("no mailbox to find slot " + job.number() + " in");
        }
        mailbox.begin();
        try (ChildMapping list = mailbox.open(job.number(), job.mapping())) {
            Squaring.run(list, pid);
            report.write(list, job.view(), pid);
        }
    }

    private void run(Job job, CommandReader parent) throws IOException {
        try (ChildMapping file = ChildMapping.open(job.file(), job.mapping())) {
            Job.Slice slice = job.slice();
            if (slice != null) {
                run(file, slice, job.view());
                return;
            }
            if (job.explained()) {
                ExplainedJob.run(file, job, protocol, pid, parent);
            } else {
                Squaring.run(file, pid);
            }
            report.write(file, job.view(), pid);
        }
    }

    private void run(ChildMapping file, Job.Slice job, View view) throws IOException {
        ChildMapping slice = file.slice(job.number());
        SharedSum sum = job.sum() == SumMode.OWN ? null : slice.sharedSum(job.sum());
        if (sum != null) {
            sum.awaitAll();
        }
        Squaring.run(slice, sum, pid);
        report.write(slice, view, pid);
    }

    private void flush() {
        try {
            report.flush();
        } catch (IOException e) {
            fail(IO_FAILED, e);
        }
    }

    private void fail(int exitCode, Throwable cause) {
        System.err.println("worker: " + cause);
        try {
            // What has been reported stands.
            report.flush();
        } catch (IOException e) {
            System.err.println("worker: " + e);
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
