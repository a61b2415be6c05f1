package dev.squares.worker.child;

import java.io.IOException;

/**
 * A parent between a service and a worker, which is there to be killed: forks the command that it is given, and waits for its end. The
 * child has this process's own standard input, output and error, so the service talks to it past this one.
 */
final class StandInMain {
    private StandInMain() {}

    public static void main(String[] command) throws IOException, InterruptedException {
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
