package dev.squares.coordinator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a program printed.
 *
 * @param text what it wrote to its standard output
 * @param errors what it wrote to its standard error
 */
record Printed(String text, String errors, int exitCode) {
    /** Whether a program is on the path. */
    static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs a program to its end. */
    static Printed by(Path folder, String... command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("printed", null);
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile())
                    .redirectError(errors.toFile())
                    .start();
            process.outputWriter().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Printed(text, Files.readString(errors), process.waitFor());
        } finally {
            Files.delete(errors);
        }
    }
}
