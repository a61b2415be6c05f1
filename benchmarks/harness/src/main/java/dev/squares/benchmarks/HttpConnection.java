package dev.squares.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection that is kept alive, and as little of a client as can be: the request is made beforehand, the answer is read
 * away, and only its two ends are looked at. What it takes is next to nothing beside what any server takes.
 */
final class HttpConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int TIMEOUT_MILLIS = 180_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final int port;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private boolean lastAnswer = true;
    private int position;
    private int limit;

    HttpConnection(int port) {
        this.port = port;
    }

    /** Tomcat ends a connection after a hundred answers. To open another is not what is measured here. */
    private void connect() throws IOException {
        socket.close();
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        lastAnswer = false;
    }

    /**
     * Sends a list and reads the answer to its end.
     *
     * @return the seconds from the first byte sent to the last byte read
     * @throws IOException if the answer is another than 200, or not the squares
     */
    double post(String path, IntegerList list) throws IOException {
        if (lastAnswer) {
            connect();
        }
        byte[] body = list.json();
        byte[] request = ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        long start = System.nanoTime();
        if (body.length < BUFFER_BYTES - request.length) {
            // In one write, as in one packet.
            System.arraycopy(request, 0, buffer, 0, request.length);
            System.arraycopy(body, 0, buffer, request.length, body.length);
            out.write(buffer, 0, request.length + body.length);
        } else {
            out.write(request);
            out.write(body);
        }
        Ends ends = new Ends();
        String status = readAnswer(ends);
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        if (!status.contains(" 200") || !ends.head().contains(list.head()) || !ends.tail().contains(list.tail())) {
            throw new IOException(path + " answered \"" + status + "\" " + ends.head() + " ... " + ends.tail()
                    + "; expected " + list.head() + " ... " + list.tail());
        }
        return seconds;
    }

    private String readAnswer(Ends ends) throws IOException {
        String status = line();
        long length = 0;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring("content-length:".length()).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.endsWith("chunked");
            } else if (lower.startsWith("connection:")) {
                lastAnswer = lower.endsWith("close");
            }
        }
        if (!chunked) {
            body(length, ends);
            return status;
        }
        for (long chunk = chunkLength(); chunk > 0; chunk = chunkLength()) {
            body(chunk, ends);
            line();
        }
        line();
        return status;
    }

    private long chunkLength() throws IOException {
        return Long.parseLong(line(), 16);
    }

    private void body(long length, Ends ends) throws IOException {
        for (long left = length; left > 0;) {
            fillIfEmpty();
            int some = (int) Math.min(left, limit - position);
            ends.add(buffer, position, some);
            position += some;
            left -= some;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            fillIfEmpty();
            char next = (char) buffer[position++];
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append(next);
            }
        }
    }

    private void fillIfEmpty() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
            if (limit == 0) {
                throw new EOFException("the server closed the connection before the end of its answer");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The first and the last bytes of what goes by. */
    private static final class Ends {
        private static final int LENGTH = 512;

        private final byte[] head = new byte[LENGTH];
        private final byte[] tail = new byte[LENGTH];
        private int headLength;
        private int tailLength;

        void add(byte[] from, int offset, int length) {
            int toHead = Math.min(LENGTH - headLength, length);
            System.arraycopy(from, offset, head, headLength, toHead);
            headLength += toHead;

            int toTail = Math.min(LENGTH, length);
            int kept = Math.min(tailLength, LENGTH - toTail);
            System.arraycopy(tail, tailLength - kept, tail, 0, kept);
            System.arraycopy(from, offset + length - toTail, tail, kept, toTail);
            tailLength = kept + toTail;
        }

        String head() {
            return new String(head, 0, headLength, StandardCharsets.US_ASCII);
        }

        String tail() {
            return new String(tail, 0, tailLength, StandardCharsets.US_ASCII);
        }
    }
}
