package dev.squares.coordinator.workers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes every byte on to a server; can cut a connection when the next request comes in on it. */
final class CuttingProxy implements AutoCloseable {
    private static final int BLOCK = 8192;

    private final ServerSocket listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> dead = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cut = new AtomicInteger();
    private final int server;

    CuttingProxy(int server) throws IOException {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many connections have been cut. */
    int cut() {
        return cut.get();
    }

    void cutKeptConnectionsAtTheirNextRequest() {
        dead.addAll(open);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                open.add(client);
                Socket there = new Socket(InetAddress.getLoopbackAddress(), server);
                Thread.ofVirtual().start(() -> pass(client, client, there));
                Thread.ofVirtual().start(() -> pass(client, there, client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void pass(Socket client, Socket from, Socket to) {
        byte[] block = new byte[BLOCK];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int got = in.read(block); got != -1; got = in.read(block)) {
                if (from == client && dead.contains(client)) {
                    cut.incrementAndGet();
                    return;
                }
                out.write(block, 0, got);
            }
        } catch (IOException e) {
            // Cut.
        } finally {
            open.remove(client);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
