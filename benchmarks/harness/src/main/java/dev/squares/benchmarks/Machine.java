package dev.squares.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where and with what a run was made.
 *
 * @param busy how much of all cores somebody else had in the seconds before the run, from 0 to 1
 */
record Machine(
    String date,
    String commit,
    String processor,
    int cores,
    double memory,
    String system,
    String java,
    String springBoot,
    String python,
    String wrk,
    double busy
) {
    private static final double BYTES_PER_KB = 1024;
    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final int LOOKS = 10;
    private static final double QUIET = 0.1;
    private static final int IDLE = 3;

    static Machine look(Workplace place) throws IOException, InterruptedException {
        String springBoot;
        try (JarFile jar = new JarFile(place.coordinatorJar())) {
            springBoot = jar.getManifest().getMainAttributes().getValue("Spring-Boot-Version");
        }
        String git = "git";
        String root = place.root().toString();
        return new Machine(
                LocalDate.now(ZoneOffset.UTC).toString(),
                firstLine(git, "-C", root, "describe", "--always", "--dirty", "--abbrev=10"),
                find("/proc/cpuinfo", "model name\\s*: (.*)"),
                Runtime.getRuntime().availableProcessors(),
                Double.parseDouble(find("/proc/meminfo", "MemTotal:\\s*(\\d+)")) * BYTES_PER_KB,
                find("/etc/os-release", "PRETTY_NAME=\"(.*)\"") + ", Linux "
                        + find("/proc/sys/kernel/osrelease", "([\\d.]+)"),
                System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor"),
                springBoot,
                firstLine("python3", "--version").replace("Python ", ""),
                firstLine("wrk", "-v").replaceFirst("wrk \\D*([\\d.]+).*", "$1"),
                look());
    }

    /** Looks for some seconds, and again for a while where somebody is busy: a build may have ended just now. */
    private static double look() throws IOException, InterruptedException {
        double busy = 1;
        for (int looks = 0; looks < LOOKS && busy > QUIET; looks++) {
            long[] before = ticks();
            Thread.sleep(LOOK);
            long[] after = ticks();
            long idle = after[IDLE] - before[IDLE] + after[IDLE + 1] - before[IDLE + 1];
            busy = 1 - (double) idle / (Arrays.stream(after).sum() - Arrays.stream(before).sum());
        }
        return busy;
    }

    /** Whether somebody else wanted more than a little. */
    boolean isBusy() {
        return busy > QUIET;
    }

    /** Of all cores: user, nice, system, idle, iowait, and more. See proc_stat(5). */
    private static long[] ticks() throws IOException {
        String cpu = Files.readAllLines(Path.of("/proc/stat")).getFirst();
        return Arrays.stream(cpu.split(" +")).skip(1).limit(8).mapToLong(Long::parseLong).toArray();
    }

    private static String find(String file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    private static String firstLine(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .toList();
        process.waitFor();
        return lines.isEmpty() ? "unknown" : lines.getFirst();
    }
}
