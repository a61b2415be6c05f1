package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.worker.memory.Room;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Bounds the shared memory of all requests in flight. A request takes room as its list grows, waits for others to give theirs
 * back as it waits for a worker, and gives back all of its own when it ends.
 */
@Component("sharedMemory")
final class SharedMemoryLimit implements HealthIndicator {
    private final SharedDirectory directory;
    private final long limit;
    private final long timeoutNanos;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition givenBack = lock.newCondition();
    private long inFlight;

    SharedMemoryLimit(SquaresProperties properties, SharedDirectory directory, MeterRegistry meters)
            throws IOException {
        this.directory = directory;
        this.limit = properties.sharedMemoryLimit() != null
                ? properties.sharedMemoryLimit().toBytes()
                : directory.totalBytes() / 2;
        this.timeoutNanos = properties.worker().queueTimeout().toNanos();
        Gauge.builder("squares.shared.memory", this, SharedMemoryLimit::inFlight)
                .description("Shared memory that requests have taken")
                .baseUnit(BaseUnits.BYTES)
                .register(meters);
    }

    /** Bytes that requests have taken. */
    long inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** Room for one request. Closing gives all of it back. */
    Reservation reserve() {
        return new Reservation();
    }

    @Override
    public Health health() {
        try {
            return Health.up()
                    .withDetail("freeBytes", directory.usableBytes())
                    .withDetail("inFlightBytes", inFlight())
                    .withDetail("limitBytes", limit)
                    .build();
        } catch (IOException e) {
            // The directory has gone. No file can be made in it.
            return Health.outOfService().build();
        }
    }

    /** What one request has taken. */
    final class Reservation implements Room, AutoCloseable {
        private long taken;

        @Override
        public void take(long bytes) throws IOException {
            lock.lock();
            try {
                if (taken + bytes > limit) {
                    throw new IOException("more than squares.shared-memory-limit=" + limit);
                }
                long left = timeoutNanos;
                while (inFlight + bytes > limit) {
                    if (left <= 0) {
                        throw new IOException("other requests have taken squares.shared-memory-limit=" + limit);
                    }
                    left = givenBack.awaitNanos(left);
                }
                inFlight += bytes;
                taken += bytes;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for room", e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long available() throws IOException {
            return Math.min(limit - inFlight() + taken, directory.usableBytes());
        }

        @Override
        public void close() {
            lock.lock();
            try {
                inFlight -= taken;
                taken = 0;
                givenBack.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
