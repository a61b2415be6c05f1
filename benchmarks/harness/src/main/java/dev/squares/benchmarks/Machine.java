package dev.squares.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where and with what a run was made.
 *
 * @param load processes that wanted a core in the minute before the run: of others, for nothing had been started yet
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
    double load
) {
    private static final double BYTES_PER_KB = 1024;

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
                Double.parseDouble(find("/proc/loadavg", "^(\\S+)")));
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
