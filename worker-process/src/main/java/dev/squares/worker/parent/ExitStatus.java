package dev.squares.worker.parent;

import org.jspecify.annotations.Nullable;

/**
 * What a process left when it ended.
 *
 * @param code its exit code; 128 + n if signal n ended it, as {@link Process#exitValue()} and shells have it
 */
public record ExitStatus(int code) {
    private static final int SIGNAL_BASE = 128;
    private static final int SIGKILL = 9;
    private static final int LAST_SIGNAL = 64;
    private static final String SYSTEM = System.getProperty("os.name");

    /** The signal that the code stands for, in words; null if it stands for none. See signal(7). */
    public @Nullable String signal() {
        return signal(SYSTEM);
    }

    /** @param system its name: signals have the numbers of Linux, or of BSD and macOS, and Windows has none */
    @Nullable
    String signal(String system) {
        if (system.startsWith("Windows")) {
            return null;
        }
        return switch (system.equals("Linux") ? code - SIGNAL_BASE : onLinux(code - SIGNAL_BASE)) {
            case 1 -> "SIGHUP, its terminal was closed";
            case 2 -> "SIGINT, interrupted from a terminal";
            case 3 -> "SIGQUIT, quit from a terminal";
            case 4 -> "SIGILL, an illegal instruction";
            case 6 -> "SIGABRT, it aborted itself, often a failure inside the JVM";
            case 7 -> "SIGBUS, a mapped page that could not be had";
            case 8 -> "SIGFPE, an arithmetic fault";
            case 9 -> "SIGKILL, killed by someone, often the machine or the container running out of memory";
            case 11 -> "SIGSEGV, an access to memory that is not its own";
            case 13 -> "SIGPIPE, nobody read what it wrote";
            case 15 -> "SIGTERM, asked to end";
            case 24 -> "SIGXCPU, its CPU time was used up";
            case 31 -> "SIGSYS, a system call that is not allowed";
            default ->
                code > SIGNAL_BASE && code <= SIGNAL_BASE + LAST_SIGNAL ? "signal " + (code - SIGNAL_BASE) : null;
        };
    }

    /** The number on Linux of what is told here, and has another one on BSD and macOS. See their signal(3). */
    private static int onLinux(int signal) {
        return switch (signal) {
            case 10 -> 7;
            case 7 -> 10;
            case 12 -> 31;
            case 31 -> 12;
            default -> signal;
        };
    }

    /** Whether SIGKILL ended it. */
    boolean isKill() {
        return code == SIGNAL_BASE + SIGKILL;
    }
}
