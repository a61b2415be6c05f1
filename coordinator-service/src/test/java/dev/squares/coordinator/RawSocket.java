package dev.squares.coordinator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A connection on which anything can be said. */
final class RawSocket implements AutoCloseable {
    private static final int SMALL = 4096;

    private final Socket socket = new Socket();

    RawSocket(int port) throws IOException {
        // The less the system takes in, the sooner a sender must wait for this reader.
        socket.setReceiveBufferSize(SMALL);
        socket.setSoTimeout((int) Leftovers.PATIENCE.toMillis());
        socket.connect(new InetSocketAddress("127.0.0.1", port));
    }

    RawSocket send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawSocket send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends a whole request for the events of a list. */
    RawSocket askForStream(String query, String list) throws IOException {
        return send("POST /square" + query + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Accept: text/event-stream\r\nContent-Length: " + list.length() + "\r\n\r\n" + list);
    }

    /** Reads a little, if something comes soon. Returns how much; -1 if the other side has ended the connection. */
    int readALittle() throws IOException {
        int patience = socket.getSoTimeout();
        socket.setSoTimeout(1);
        try {
            return socket.getInputStream().read(new byte[SMALL]);
        } catch (SocketTimeoutException e) {
            return 0;
        } catch (SocketException e) {
            return -1;
        } finally {
            socket.setSoTimeout(patience);
        }
    }

    /** There will be no more. */
    RawSocket endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Waits for the first byte of an answer, and leaves the rest. */
    void awaitFirstByte() throws IOException {
        if (socket.getInputStream().read() == -1) {
            throw new IOException("closed without an answer");
        }
    }

    /** Reads until this text has come. Returns everything that came, up to a little behind it. */
    String readUntil(String text) throws IOException {
        StringBuilder read = new StringBuilder();
        byte[] some = new byte[SMALL];
        while (read.indexOf(text) < 0) {
            int got = socket.getInputStream().read(some);
            if (got == -1) {
                throw new IOException("ended without \"" + text + "\": " + read);
            }
            read.append(new String(some, 0, got, StandardCharsets.UTF_8));
        }
        return read.toString();
    }

    /** One answer; a status of 0 if the connection ends without. */
    Reply readReply() throws IOException {
        InputStream in = socket.getInputStream();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String first;
        try {
            first = readLine(in);
        } catch (SocketException e) {
            // Reset: refused without a word.
            first = "";
        }
        if (first.isEmpty()) {
            return new Reply(0, headers, new byte[0]);
        }
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), List.of(line.substring(colon + 1).strip()));
        }
        return new Reply(Integer.parseInt(first.split(" ")[1]), headers, readBody(in, headers));
    }

    private static byte[] readBody(InputStream in, Map<String, List<String>> headers) throws IOException {
        if (headers.containsKey("Content-Length")) {
            return in.readNBytes(Integer.parseInt(headers.get("Content-Length").getFirst()));
        }
        if (!headers.containsKey("Transfer-Encoding")) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int length;
        do {
            length = Integer.parseInt(readLine(in), 16);
            body.writeBytes(in.readNBytes(length));
            readLine(in);
        } while (length > 0);
        return body.toByteArray();
    }

    /** Without its end; empty at the end of the connection. */
    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != -1 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Vanishes without the usual goodbye. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
