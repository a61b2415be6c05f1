package dev.squares.benchmarks;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The servers that stand side by side during a run, each started when it is first needed. */
final class Stage implements AutoCloseable {
    private final Workplace place;
    private final Map<Server.Kind, Server> servers = new EnumMap<>(Server.Kind.class);

    Stage(Workplace place) {
        this.place = place;
        // Also when this process is told to end: nothing that was started here is to outlive it.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    synchronized Server server(Server.Kind kind) throws IOException, InterruptedException {
        Server server = servers.get(kind);
        if (server == null) {
            if (kind.isCoordinator() && servers.keySet().stream().noneMatch(Server.Kind::isCoordinator)) {
                // The first start of all prepares in the background what later ones find prepared.
                Server.start(kind, place, List.of()).close();
            }
            server = Server.start(kind, place, List.of());
            servers.put(kind, server);
        }
        return server;
    }

    @Override
    public void close() {
        servers.values().forEach(Server::close);
    }
}
