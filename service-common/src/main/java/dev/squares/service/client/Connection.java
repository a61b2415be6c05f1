package dev.squares.service.client;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Request;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * What Tomcat has for a connection while it serves requests from it. It can be asked whether the client is still there, and does not
 * wait for a request's head for ever.
 */
final class Connection extends Http11Processor {
    /** A place in Tomcat's request that belongs to extensions, and is not cleared between two requests of a connection. */
    private static final int NOTE = 31;

    private final Protocol protocol;

    Connection(Protocol protocol, Adapter adapter) {
        super(protocol, adapter);
        this.protocol = protocol;
        request.setNote(NOTE, this);
    }

    /**
     * Bounds the time that a request's head may take to arrive by that of one pause in it. Tomcat bounds its bytes alone: with one
     * just before every timeout, a head lasts for days.
     */
    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
        SocketState state = super.service(socket);
        boolean headIsIncomplete = state == SocketState.LONG && !isAsync();
        return headIsIncomplete && isLate() ? SocketState.CLOSED : state;
    }

    /** Tomcat takes the time of a request's first byte. */
    private boolean isLate() {
        long timeoutNanos = TimeUnit.MILLISECONDS.toNanos(protocol.getConnectionTimeout());
        return timeoutNanos > 0 && System.nanoTime() - request.getStartTimeNanos() > timeoutNanos;
    }

    /** The connection of a request; null if it is none of HTTP/1. */
    static @Nullable Connection of(Request request) {
        return (Connection) request.getCoyoteRequest().getNote(NOTE);
    }

    /**
     * Whether the client has closed or reset its connection. Reads without waiting, into the buffer of the socket, which is behind
     * those of the request: the bytes of a request that follows stay there and are found when its turn has come. While there are
     * any, nothing further is read, and the client is taken to be there.
     *
     * <p>The thread that serves the request must not read from it in the meantime.
     */
    boolean hasEnded() {
        try {
            getSocketWrapper().isReadyForRead();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Ends the connection. What has not been sent by now will not be. */
    void closeNow() {
        action(ActionCode.CLOSE_NOW, null);
    }

    /** Tomcat's HTTP/1.1, with connections that can be watched. Made by Tomcat, by its name. */
    public static final class Protocol extends Http11NioProtocol {
        @Override
        protected Processor createProcessor() {
            return new Connection(this, adapter);
        }
    }
}
