package dev.squares.service.client;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then whether the clients of requests that take long are still there, and has the work for those stopped that are
 * not. One task looks at all of them, and only while there are any: a short request costs an entry in a set.
 *
 * <p>A client that has closed only its sending half counts as gone: until something is written, the two look the same, and
 * servers of HTTP commonly take it so.
 */
public final class ClientWatch implements AutoCloseable {
    /** Most requests are answered by then, and no look is lost on them. */
    private static final Duration SHORT = Duration.ofMillis(50);

    private static final Duration INTERVAL = Duration.ofMillis(100);

    /** What some servers log for a client that did not wait for its answer. It never gets to see it. */
    private static final int CLIENT_CLOSED_REQUEST = 499;

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    /** Whether a look is in the timer. */
    private final AtomicBoolean armed = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("client-watch").factory(), new ThreadPoolExecutor.DiscardPolicy());

    ClientWatch() {}

    /**
     * Watches the client of a request, unless the request is one of HTTP/2, whose connection is read by others. The calling thread serves it, and does not read from it until
     * what is returned has been closed.
     */
    public Watched watch(HttpServletRequest request) {
        Connection connection = connection(request);
        Watched client = new Watched(connection, Thread.currentThread());
        if (connection != null) {
            watched.add(client);
            arm();
        }
        return client;
    }

    /** Ends a request whose client has gone: with no answer, for a client that closed only its sending half would read it. */
    public static void endUnanswered(HttpServletRequest request, HttpServletResponse response) {
        // Before the connection is closed, which would make an error of this service's own of it.
        response.setStatus(CLIENT_CLOSED_REQUEST);
        Objects.requireNonNull(connection(request)).closeNow();
    }

    private static @Nullable Connection connection(HttpServletRequest request) {
        return (Connection) request.getAttribute(ConnectionValve.ATTRIBUTE);
    }

    private void arm() {
        if (!armed.get() && armed.compareAndSet(false, true)) {
            timer.schedule(this::lookAtAll, INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void lookAtAll() {
        try {
            long now = System.nanoTime();
            watched.forEach(client -> client.look(now));
        } finally {
            armed.set(false);
            // In this order: one that came before is seen here, and one that comes after sees that nothing is armed.
            if (!watched.isEmpty()) {
                arm();
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** A client that is being watched. When it goes, the thread that serves it is interrupted, or whatever it has asked for is done. */
    public final class Watched implements AutoCloseable {
        private final @Nullable Connection connection;
        private final Thread server;
        private final long since = System.nanoTime();
        // All of what follows is guarded by this.
        private @Nullable Runnable cancel;
        private boolean gone;
        private boolean closed;

        private Watched(@Nullable Connection connection, Thread server) {
            this.connection = connection;
            this.server = server;
        }

        /**
         * Has this done when the client goes, in a thread of its own, and the serving thread left alone from now on.
         *
         * @throws ClientGoneException if it has gone already
         */
        public synchronized void whenGone(Runnable cancel) throws ClientGoneException {
            requireThere();
            this.cancel = cancel;
        }

        /** @throws ClientGoneException if it has gone, as far as is known; the interrupt that said so is over then */
        public synchronized void requireThere() throws ClientGoneException {
            if (gone) {
                Thread.interrupted();
                throw new ClientGoneException();
            }
        }

        /** Whether it has gone, as far as is known. */
        public synchronized boolean isGone() {
            return gone;
        }

        private synchronized void look(long now) {
            if (closed || gone || now - since < SHORT.toNanos() || connection == null || !connection.hasEnded()) {
                return;
            }
            gone = true;
            if (cancel == null) {
                server.interrupt();
            } else {
                // It may take a while, and others wait for this thread.
                Thread.ofVirtual().name("client-gone").start(cancel);
            }
        }

        /** Ends the watch. When this returns, nobody but the serving thread touches the connection, and no interrupt comes. */
        @Override
        public void close() {
            watched.remove(this);
            synchronized (this) {
                closed = true;
            }
        }
    }

    /** The client of a request has closed its connection: nobody is left to be answered. */
    public static final class ClientGoneException extends Exception {
        private static final long serialVersionUID = 1;

        private ClientGoneException() {
            super("the client has closed its connection", null, false, false);
        }
    }
}
