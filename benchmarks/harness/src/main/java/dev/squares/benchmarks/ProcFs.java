package dev.squares.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says of a process. See proc(5). */
final class ProcFs {
    /** {@code USER_HZ} on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int BYTES_PER_KB = 1024;

    /** Of the fields behind the command's name: utime, stime, cutime and cstime. */
    private static final int UTIME = 11;

    private static final int CUTIME = 13;

    private ProcFs() {}

    /** Bytes of a line such as {@code VmHWM: 1234 kB} of {@code /proc/PID/status}. */
    static long status(long pid, String name) throws IOException {
        return kilobytes(file(pid, "status"), name);
    }

    /** Bytes of a line such as {@code Pss: 1234 kB} of {@code /proc/PID/smaps_rollup}. */
    static long smapsRollup(long pid, String name) throws IOException {
        return kilobytes(file(pid, "smaps_rollup"), name);
    }

    private static long kilobytes(Path file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            String line = lines.filter(l -> l.startsWith(name + ":"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no " + name + " in " + file));
            return Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KB;
        }
    }

    /** Lets the peak of a process's resident memory start anew at what is resident now. */
    static void forgetPeak(long pid) throws IOException {
        Files.writeString(file(pid, "clear_refs"), "5");
    }

    /** A process's command line. */
    static List<String> command(long pid) throws IOException {
        return Arrays.asList(Files.readString(file(pid, "cmdline")).split("\0"));
    }

    /** Seconds of processor time of a process and of those of its children that have ended. */
    static double cpuSeconds(long pid) throws IOException {
        String[] fields = fields(pid);
        return (ticks(fields, UTIME) + ticks(fields, CUTIME)) / TICKS_PER_SECOND;
    }

    /** Seconds of processor time of those of this process's children that have ended. */
    static double endedChildrensCpuSeconds() throws IOException {
        return ticks(fields(ProcessHandle.current().pid()), CUTIME) / TICKS_PER_SECOND;
    }

    /** User time, and the system time that follows it. */
    private static long ticks(String[] fields, int user) {
        return Long.parseLong(fields[user]) + Long.parseLong(fields[user + 1]);
    }

    private static String[] fields(long pid) throws IOException {
        String stat = Files.readString(file(pid, "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    private static Path file(long pid, String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }
}
