package dev.squares.worker.parent;

import dev.squares.worker.child.Misbehaviour;
import dev.squares.worker.testing.MisbehavingCommand;
import dev.squares.worker.testing.TrainedCache;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** Child processes of every kind: real workers, misbehaving ones, and quick ones. */
final class Commands {
    private static final long HEAP_BYTES = 32 << 20;

    private Commands() {}

    /** The real worker, started as a service starts it. */
    static WorkerCommand worker() throws IOException {
        return TrainedCache.worker(HEAP_BYTES);
    }

    /**
     * @param goodJobs how many jobs it does before it misbehaves
     * @param ready made when it hangs
     */
    static WorkerCommand misbehaving(Misbehaviour how, int goodJobs, Path ready) throws IOException {
        return MisbehavingCommand.inPlaceOf(worker(), how.name(), Integer.toString(goodJobs), ready.toString());
    }

    /**
     * Speaks the protocol, but does no work: a shell starts in a hundredth of the time that a JVM takes, which leaves time for
     * many. Reports its pid alone. Hangs on a file whose name has "hang" in it, and exits with code 9 on one with "crash".
     */
    static WorkerCommand quick() {
        return shell(QUICK);
    }

    /** The quick one, after something else. */
    static WorkerCommand quickAfter(String script) {
        return shell(script + "\n" + QUICK);
    }

    static WorkerCommand shell(String script) {
        return new WorkerCommand(List.of("/bin/sh", "-c", script));
    }

    private static final String QUICK = """
            while read -r verb file rest; do
                case "$file" in
                    *hang*) exec /bin/sleep 1000;;
                    *crash*) exit 9;;
                    *) echo "{\\"pid\\":$$}";;
                esac
            done
            """;

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Where the build has put a class. */
    static Path classPath(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
