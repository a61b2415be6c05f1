package dev.squares.worker.testing;

import dev.squares.worker.child.MisbehavingWorker;
import dev.squares.worker.parent.WorkerCommand;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a {@link MisbehavingWorker} is started. */
public final class MisbehavingCommand {
    private MisbehavingCommand() {}

    /**
     * As the real worker, which has fewer classes and another main.
     *
     * @param arguments of the misbehaving one's main
     */
    public static WorkerCommand inPlaceOf(WorkerCommand worker, String... arguments) {
        List<String> command = new ArrayList<>(worker.arguments());
        command.removeLast();
        // Behind the worker's own: an AOT cache is for a class path that begins with these.
        command.add(command.removeLast() + File.pathSeparator + classes());
        command.add(MisbehavingWorker.class.getName());
        command.addAll(List.of(arguments));
        command.add(1, "-XX:TieredStopAtLevel=1");
        return new WorkerCommand(command);
    }

    private static Path classes() {
        try {
            return Path.of(MisbehavingWorker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
