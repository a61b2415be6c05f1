package dev.squares.worker.parent;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Those who wait for a worker, in the order in which they came. Guarded by the pool's lock. */
final class RequestQueue implements Iterable<Request> {
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    private long lastArrival;
    private ProcessKind lastKind = ProcessKind.POOLED;
    private @Nullable Request arriving;

    void add(Request request, long now) {
        request.queued(now);
        requests.add(request);
        arriving = request;
        lastArrival = now;
        lastKind = request.kind();
    }

    /** Takes one out, if it is still waiting. */
    void remove(Request request) {
        requests.remove(request);
    }

    /** When the last one came, in nanoseconds of the pool's clock. */
    long lastArrival() {
        return lastArrival;
    }

    /** What the last one wanted; the next will probably want the same. */
    ProcessKind lastKind() {
        return lastKind;
    }

    /** The one that has just come, and that no plan has been made with yet. */
    @Nullable
    Request arriving() {
        return arriving;
    }

    void planned() {
        arriving = null;
    }

    int size() {
        return requests.size();
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    void clear() {
        requests.clear();
    }

    @Override
    public Iterator<Request> iterator() {
        return requests.iterator();
    }
}
