package dev.squares.coordinator.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Clients that ask for an answer, and read no more of it than that it begins. */
final class UnreadAnswers implements AutoCloseable {
    private static final List<String> IPC = List.of("shared-memory", "message-passing", "none");

    /** An answer to it is more than the kernel takes, also where it has one side only. */
    private static final int LIST = 4_000;

    private static final int LONG_LIST = 60_000;

    private static final int SMALL = 4096;

    private final RunningCoordinator coordinator;
    private final List<Socket> clients = new ArrayList<>();

    UnreadAnswers(RunningCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    int size() {
        return clients.size();
    }

    void add() throws IOException {
        int number = clients.size();
        String ipc = IPC.get(number % IPC.size());
        byte[] list = Collections.nCopies(number % 20 == 0 ? LONG_LIST : LIST, 3_037_000_499L)
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
        String head = "POST /square?process=pooled&ipc=" + ipc
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + list.length
                + "\r\n\r\n";
        Socket client = new Socket();
        clients.add(client);
        client.setReceiveBufferSize(SMALL);
        client.setSoTimeout((int) RunningCoordinator.PATIENCE.toMillis());
        client.connect(new InetSocketAddress("127.0.0.1", coordinator.base().getPort()));
        client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().write(list);
        assertThat(new String(client.getInputStream().readNBytes(13), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 200 ");
    }

    /** The clients vanish. */
    @Override
    public void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        clients.clear();
    }
}
