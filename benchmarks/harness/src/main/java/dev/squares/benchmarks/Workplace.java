package dev.squares.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where things are, and where things may be put.
 *
 * @param root the checkout
 * @param scratch an empty folder, deleted by whoever made it
 * @param shared an empty folder in memory, deleted likewise
 */
record Workplace(Path root, Path scratch, Path shared) {
    String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    String coordinatorJar() {
        return root.resolve("coordinator-service/target/coordinator-service.jar").toString();
    }

    /** Where a coordinator's jar is taken apart, as the images have it. */
    Path extractedCoordinator() {
        return scratch.resolve("coordinator");
    }

    String extractedCoordinatorJar() {
        return extractedCoordinator().resolve("coordinator-service.jar").toString();
    }

    String workerServiceJar() {
        return root.resolve("worker-service/target/worker-service-exec.jar").toString();
    }

    String inProcessJar() {
        return root.resolve("benchmarks/in-process/target/in-process.jar").toString();
    }

    String lecture() {
        return root.resolve("benchmarks/lecture/server.py").toString();
    }

    String wrkScript() {
        return root.resolve("benchmarks/square.lua").toString();
    }

    Path samples() {
        return root.resolve("benchmarks/harness/target/samples.tsv");
    }

    Path workerCache() {
        return scratch.resolve("worker-cache");
    }

    Path newFolder(String name) throws IOException {
        return Files.createTempDirectory(scratch, name);
    }

    Path newSharedFolder() throws IOException {
        return Files.createTempDirectory(shared, "coordinator");
    }
}
