package dev.squares.worker.child;

import dev.squares.worker.memory.BadMappedFileException;
import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

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

    private Main() {}

    public static void main(String[] args) throws IOException {
        OutputStream protocol = new FileOutputStream(FileDescriptor.out);
        // Whatever else prints must not be able to garble a report.
        System.setOut(System.err);

        long pid = ownPid();
        Report report = new Report(protocol);
        CommandReader parent = new CommandReader(new FileInputStream(FileDescriptor.in),
                (line, reader) -> run(line, reader, protocol, report, pid));
        new Thread(parent, "other").start();
        parent.run();
    }

    /** See proc(5). Where there is none, ask Java, which makes threads for processes first: more than a millisecond of a start. */
    private static long ownPid() throws IOException {
        String self = new File("/proc/self").getCanonicalFile().getName();
        return self.equals("self") ? ProcessHandle.current().pid() : Long.parseLong(self);
    }

    private static void run(String line, CommandReader parent, OutputStream protocol, Report report, long pid) {
        try {
            Job job = Job.parse(line);
            try (ChildMapping file = ChildMapping.open(job.file(), job.mapping())) {
                if (job.explained()) {
                    ExplainedJob.run(file, job, protocol, pid, parent);
                } else {
                    Squaring.run(file, pid);
                }
                report.write(file, job.view(), pid);
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

    private static void fail(int exitCode, Throwable cause) {
        System.err.println("worker: " + cause);
        Runtime.getRuntime().halt(exitCode);
    }
}
