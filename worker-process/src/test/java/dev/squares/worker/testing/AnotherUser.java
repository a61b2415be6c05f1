package dev.squares.worker.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A user who is not the one that runs the tests, under a number that no account needs to have. Only root can be others. */
public enum AnotherUser {
    VICTIM(12345),
    ATTACKER(23456);

    private final int uid;

    AnotherUser(int uid) {
        this.uid = uid;
    }

    /** Makes files and directories this user's. */
    public void own(Path... files) throws IOException {
        assumeRoot();
        for (Path file : files) {
            Files.setAttribute(file, "unix:uid", uid);
            Files.setAttribute(file, "unix:gid", uid);
        }
    }

    /** Starts a program as this user. */
    public Process start(Map<String, String> environment, List<String> program) throws IOException {
        assumeRoot();
        List<String> command = new ArrayList<>(List.of(
                "setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "--"));
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeAll(List.of("HOME", "XDG_CACHE_HOME", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Skips a test that is not run by root. */
    public static void assumeRoot() throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root can be another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv(1)");
    }
}
