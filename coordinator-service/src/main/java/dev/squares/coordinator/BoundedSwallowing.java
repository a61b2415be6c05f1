package dev.squares.coordinator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.jspecify.annotations.Nullable;

/**
 * Reads away what a client still sends of a body when it has its answer already, within a time. Tomcat does it by itself, and
 * bounds the bytes, but not the time: one a little before each timeout keeps a thread for years.
 */
final class BoundedSwallowing implements Adapter {
    private final Adapter next;
    private final Duration timeout;
    private final long maxBytes;

    /** @param next answers requests, and has sent the answer when it returns */
    BoundedSwallowing(Adapter next, Duration timeout, long maxBytes) {
        this.next = next;
        this.timeout = timeout;
        this.maxBytes = maxBytes;
    }

    @Override
    public void service(Request request, Response response) throws Exception {
        next.service(request, response);
        if (!says(request, ActionCode.REQUEST_BODY_FULLY_READ)
                && !says(request, ActionCode.IS_ERROR)
                && !says(request, ActionCode.ASYNC_IS_ASYNC)
                && response.isCommitted()
                // One that has not been told to go on may send its body or leave it: Tomcat closes.
                && !request.hasExpectation()) {
            swallow(request);
        }
    }

    private static boolean says(Request request, ActionCode question) {
        AtomicBoolean answer = new AtomicBoolean();
        request.action(question, answer);
        return answer.get();
    }

    private void swallow(Request request) {
        long start = System.nanoTime();
        long bytes = 0;
        try {
            Block block = new Block();
            for (int read = 0; read >= 0; read = request.doRead(block)) {
                bytes += read;
                if (System.nanoTime() - start > timeout.toNanos() || bytes > maxBytes) {
                    stop(request);
                    return;
                }
            }
        } catch (IOException e) {
            // It sends no more, or something that is no body.
            stop(request);
        }
    }

    /** The connection is closed with the rest of the body unread. */
    private static void stop(Request request) {
        request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }

    /** Where Tomcat shows what has been read. */
    private static final class Block implements ApplicationBufferHandler {
        private @Nullable ByteBuffer bytes;

        @Override
        public void setByteBuffer(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public @Nullable ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {
            // What has been read is not kept.
        }
    }

    @Override
    public boolean prepare(Request request, Response response) throws Exception {
        return next.prepare(request, response);
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent status) throws Exception {
        return next.asyncDispatch(request, response, status);
    }

    @Override
    public void log(Request request, Response response, long time) {
        next.log(request, response, time);
    }

    @Override
    public void checkRecycled(Request request, Response response) {
        next.checkRecycled(request, response);
    }

    @Override
    public String getDomain() {
        return next.getDomain();
    }
}
