package dev.squares.coordinator.square;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Keeps the bytes of a report as the child wrote them. */
interface ReportText extends AutoCloseable {
    void write(byte[] bytes, int offset, int count) throws IOException;

    /** The bytes, from the first. */
    InputStream toInputStream() throws IOException;

    /** Copies all bytes. */
    void copyTo(OutputStream out) throws IOException;

    @Override
    void close() throws IOException;

    /** On the heap: for a report that is known to be short. */
    final class OnHeap extends ByteArrayOutputStream implements ReportText {
        @Override
        public InputStream toInputStream() {
            return new ByteArrayInputStream(buf, 0, count);
        }

        @Override
        public void copyTo(OutputStream out) throws IOException {
            writeTo(out);
        }
    }
}
