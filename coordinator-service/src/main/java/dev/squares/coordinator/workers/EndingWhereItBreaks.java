package dev.squares.coordinator.workers;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends where the connection breaks, as a child's standard output ends where the child does. */
final class EndingWhereItBreaks extends FilterInputStream {
    private static final Logger LOG = LoggerFactory.getLogger(EndingWhereItBreaks.class);

    EndingWhereItBreaks(InputStream body) {
        super(body);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) == -1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        try {
            return super.read(to, offset, length);
        } catch (IOException e) {
            LOG.debug("The connection to worker-service broke", e);
            return -1;
        }
    }
}
