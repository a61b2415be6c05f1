package dev.squares.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Debian's wrk measured with a list of one length.
 *
 * @param rate answers a second
 * @param medianLatency in seconds
 */
record Wrk(double rate, double medianLatency) {
    private static final Pattern RESULT = Pattern.compile("harness: (\\d+) (\\d+) (\\d+) ([\\d.]+)");
    private static final double MICROS_PER_SECOND = 1e6;

    static Wrk run(Workplace place, int connections, int seconds, int port, String path, int length)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                "wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--timeout", "10s",
                "-s", place.wrkScript(), "http://127.0.0.1:" + port + path, "--", Integer.toString(length))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Matcher result = RESULT.matcher(output);
        if (!result.find() || !result.group(3).equals("0")) {
            throw new IOException("wrk had failures: " + output.replaceAll("\\s+", " "));
        }
        double requests = Double.parseDouble(result.group(1));
        double duration = Double.parseDouble(result.group(2)) / MICROS_PER_SECOND;
        return new Wrk(requests / duration, Double.parseDouble(result.group(4)) / MICROS_PER_SECOND);
    }
}
