package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long a coordinator takes from its start to its first answer: from the jar that the build makes, and as the images start it. */
final class FirstStartTurns {
    static final String JAR = "the executable jar";
    static final String IMAGE = "extracted, with an AOT cache, as in the images";

    private static final String COLLECTOR = "-XX:+UseSerialGC";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Workplace place;
    private final Stage stage;
    private @Nullable Path cache;

    FirstStartTurns(Workplace place, Stage stage) {
        this.place = place;
        this.stage = stage;
    }

    List<Turn> both() {
        return List.of(
                new Turn(JAR, false,
                        recorder -> measure(JAR, Server.Kind.COORDINATOR, List.of(), recorder)),
                new Turn(IMAGE, false,
                        recorder -> measure(IMAGE, Server.Kind.EXTRACTED,
                                List.of("-XX:AOTCache=" + cache(), COLLECTOR, "-Xmx192m"), recorder)));
    }

    private void measure(String subject, Server.Kind kind, List<String> jvmOptions, Turn.Recorder recorder)
            throws IOException, InterruptedException {
        // What workers start from is there, as it is in the images.
        stage.server(Server.Kind.COORDINATOR);
        long start = System.nanoTime();
        try (Server server = Server.launch(kind, place, jvmOptions)) {
            server.awaitAnswer();
            recorder.add(new Key(Quantity.FIRST_ANSWER, subject, HttpTurns.SMALL),
                    (System.nanoTime() - start) / NANOS_PER_SECOND);
        }
    }

    /** Made by a start alone: the Dockerfile has requests answered before, which are for what comes after the first. */
    private Path cache() throws IOException, InterruptedException {
        if (cache == null) {
            Path made = place.scratch().resolve("coordinator.aot");
            run("-Djarmode=tools", "-jar", place.coordinatorJar(), "extract", "--destination",
                    place.extractedCoordinator().toString());
            run("-XX:AOTCacheOutput=" + made, "-Xlog:aot*=error", COLLECTOR, "-Dspring.context.exit=onRefresh",
                    "-jar", place.extractedCoordinatorJar(), "--server.port=0");
            cache = made;
        }
        return cache;
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(place.java()));
        command.addAll(List.of(arguments));
        int exitCode = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("ended with " + exitCode + ": " + command);
        }
    }
}
