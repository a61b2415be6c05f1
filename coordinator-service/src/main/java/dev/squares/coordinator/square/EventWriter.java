package dev.squares.coordinator.square;

import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Writes events, numbered, each in a piece of its own. */
final class EventWriter {
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpServletResponse response;
    private final OutputStream client;
    private long last = System.nanoTime();
    private int id;
    private boolean broken;

    EventWriter(HttpServletResponse response) throws IOException {
        this.response = response;
        this.client = response.getOutputStream();
    }

    /** Writes a member's value. */
    @FunctionalInterface
    interface Value {
        void writeTo(OutputStream out) throws IOException;
    }

    void write(EventText event) throws IOException {
        begin(event);
        end();
    }

    /** Writes an event with one more member, which may be long. */
    void write(EventText event, String member, Value value, SendRate rate) throws IOException {
        begin(event);
        text(",\"" + member + "\":");
        broken = true;
        value.writeTo(new OneLine(rate.bound(client)));
        broken = false;
        end();
    }

    /** Writes a comment, which nobody shows, if nothing has been written for a while: only so is it noticed that a client has gone. */
    void stayInTouch() throws IOException {
        if (System.nanoTime() - last >= SILENCE_NANOS) {
            text(":\n\n");
            flush();
        }
    }

    private void begin(EventText event) throws IOException {
        id++;
        text("event: " + event.name() + "\nid: " + id + "\ndata: " + event.open());
    }

    private void end() throws IOException {
        text("}\n\n");
        flush();
    }

    private void text(String utf8) throws IOException {
        broken = true;
        client.write(utf8.getBytes(StandardCharsets.UTF_8));
        broken = false;
    }

    private void flush() throws IOException {
        broken = true;
        response.flushBuffer();
        broken = false;
        last = System.nanoTime();
    }

    /** Whether the client could not be written to: what would follow cannot be either. */
    boolean isBroken() {
        return broken;
    }

    void close() throws IOException {
        client.close();
    }

    /** Keeps a child's report on one line: between its members it may have any space that JSON allows. */
    private static final class OneLine extends FilterOutputStream {
        OneLine(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\r') {
                    byte[] copy = new String(bytes, offset, length, StandardCharsets.ISO_8859_1).replace('\r', ' ')
                            .getBytes(StandardCharsets.ISO_8859_1);
                    out.write(copy, 0, length);
                    return;
                }
            }
            out.write(bytes, offset, length);
        }
    }
}
