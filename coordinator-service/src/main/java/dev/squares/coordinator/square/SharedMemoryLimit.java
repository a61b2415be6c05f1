package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.worker.memory.Evidence;
import dev.squares.worker.memory.Quota;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Bounds the shared memory of all requests in flight. A request takes room as its list grows. At the list's end it takes what
 * the squares and the report need, in one step. It gives back all of its own when it ends.
 *
 * @see MemoryBudget who waits for whom
 */
@Component("sharedMemory")
final class SharedMemoryLimit implements HealthIndicator {
    private final SharedDirectory directory;
    private final MemoryBudget budget;

    SharedMemoryLimit(SquaresProperties properties, SharedDirectory directory, MeterRegistry meters)
            throws IOException {
        this.directory = directory;
        long limit = properties.sharedMemoryLimit() != null
                ? properties.sharedMemoryLimit().toBytes()
                : DefaultMemoryLimit.of(directory.fileStore());
        this.budget = new MemoryBudget(limit, properties.worker().queueTimeout(), System::nanoTime);
        Gauge.builder("squares.shared.memory", this, SharedMemoryLimit::inFlight)
                .description("Shared memory that requests have taken")
                .baseUnit(BaseUnits.BYTES)
                .register(meters);
    }

    /** Bytes that requests have taken. */
    long inFlight() {
        return budget.taken();
    }

    /** How many requests wait for room. */
    int waiting() {
        return budget.waiting();
    }

    /**
     * Room for one request.
     *
     * @param file the request's mapped file, deleted when the room is closed
     */
    Reservation reserve(Path file) {
        return new Reservation(file);
    }

    @Override
    public Health health() {
        try {
            FileStore store = directory.fileStore();
            return Health.up()
                    .withDetail("freeBytes", store.getUsableSpace())
                    .withDetail("inFlightBytes", inFlight())
                    .withDetail("limitBytes", budget.limit())
                    .withDetail("storage", DefaultMemoryLimit.isInMemory(store) ? "memory" : "disk")
                    .build();
        } catch (IOException e) {
            // The directory has gone. No file can be made in it.
            return Health.outOfService().build();
        }
    }

    /** What one request has taken. Closing deletes its file, and gives all of the room back then: not before it is free. */
    final class Reservation implements Quota, AutoCloseable {
        /** To ask the file system takes a while. It tells by itself when it is full. */
        private static final long WORTH_ASKING_BYTES = 1 << 20;

        private final Path file;
        private final MemoryBudget.Share share = budget.new Share();
        private long aside;
        private long refused;
        private boolean aPageShort;
        /** The most that can be had, for what is made to fail. */
        private long most = Long.MAX_VALUE;

        private Reservation(Path file) {
            this.file = file;
        }

        /** Also of several threads at once, what has been set aside. */
        @Override
        public synchronized void take(long bytes) throws IOException {
            long fromAside = Math.min(bytes, aside);
            aside -= fromAside;
            if (fromAside < bytes) {
                takeFromLimit(bytes - fromAside, false);
            }
        }

        @Override
        public void setAside(long bytes) throws IOException {
            if (bytes >= WORTH_ASKING_BYTES && bytes > directory.usableBytes()) {
                throw new IOException("the file system has no room for " + bytes + " bytes more");
            }
            if (aPageShort) {
                refused = bytes;
                most = Math.max(0, needed() - Evidence.pageSize());
                throw new IOException("this request has a page less than it needs");
            }
            takeFromLimit(bytes, true);
            aside += bytes;
        }

        /** Has the last step fail, as if there were a page less than it needs. */
        void endAPageShort() {
            aPageShort = true;
        }

        private void takeFromLimit(long bytes, boolean last) throws IOException {
            refused = bytes;
            share.take(bytes, last);
            refused = 0;
        }

        /** Gives back what has been set aside and not been taken. */
        synchronized void giveBackAside() {
            if (aside > 0) {
                share.giveBack(aside);
                aside = 0;
            }
        }

        @Override
        public void giveBack() {
            share.giveBack(share.own());
            aside = 0;
        }

        @Override
        public long needed() {
            return share.own() + refused;
        }

        @Override
        public long available() throws IOException {
            return Math.min(most, Math.min(share.available(), directory.usableBytes() + share.own() - aside));
        }

        @Override
        public void close() throws IOException {
            try {
                Files.deleteIfExists(file);
            } finally {
                giveBack();
            }
        }
    }
}
