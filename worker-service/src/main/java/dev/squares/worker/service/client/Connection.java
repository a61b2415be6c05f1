package dev.squares.worker.service.client;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.http11.Http11Processor;
import org.jspecify.annotations.Nullable;

/** What Tomcat has for a connection while it serves requests from it, with a look at whether the client is still there. */
final class Connection extends Http11Processor {
    /** A place in Tomcat's request that belongs to extensions, and is not cleared between two requests of a connection. */
    private static final int NOTE = 31;

    Connection(WatchedProtocol protocol, Adapter adapter) {
        super(protocol, adapter);
        request.setNote(NOTE, this);
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
}
