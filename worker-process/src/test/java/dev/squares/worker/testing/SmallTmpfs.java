package dev.squares.worker.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;

/** A file system in memory with room for one megabyte. Mounting is root's: a test that is not run by root is skipped. */
public final class SmallTmpfs implements AutoCloseable {
    public static final long BYTES = 1024 * 1024;

    private final Path directory;

    public SmallTmpfs(Path directory) throws IOException {
        this.directory = directory;
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "squares-test", directory.toString()) == 0,
                "mounting a tmpfs needs root");
    }

    @Override
    public void close() throws IOException {
        run("umount", directory.toString());
    }

    private static int run(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
    }
}
