package dev.squares.worker.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.concurrent.locks.LockSupport;

/**
 * The one sum of several children in the memory that they share. A class of its own: the child of a job without one loads nothing of
 * it, for to link a var handle takes a while.
 */
public final class SharedSum {
    // Of a buffer: those of a memory segment take longer to link.
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, Layout.ORDER);
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, Layout.ORDER);

    private static final int FREE = 0;
    private static final int HELD = 1;

    /** Looks at a word that another process is about to change, before the core is left to others: some microseconds. */
    private static final int SPINS = 1000;

    private static final long NAP_NANOS = 50_000;

    private final ByteBuffer memory;
    private final int children;
    private final SumMode mode;

    /** @param memory the mapping's first bytes, {@link Layout#headerBytes} of it at least */
    SharedSum(ByteBuffer memory, int children, SumMode mode) {
        this.memory = memory;
        this.children = children;
        this.mode = mode;
    }

    /**
     * Waits at the gate until all children have come to it, so that they run at the same time. Where one does not come, this waits until
     * the parent ends the process.
     */
    public void awaitAll() {
        INT.getAndAdd(memory, Layout.ARRIVED_OFFSET, 1);
        for (int looks = 0; (int) INT.getAcquire(memory, Layout.ARRIVED_OFFSET) < children; looks++) {
            if (looks < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }

    /** Adds the first {@code length} of them, one after the other. */
    public void add(LongBuffer squares, int length) {
        switch (mode) {
            case OWN -> {
            }
            case UNSYNCHRONIZED -> addUnsynchronized(squares, length);
            case ATOMIC -> addAtomically(squares, length);
            case LOCKED -> addLocked(squares, length);
        }
    }

    /** Opaque: a load and a store for each, as plain ones are, but that the compiler must not keep the sum in a register. */
    private void addUnsynchronized(LongBuffer squares, int length) {
        for (int i = 0; i < length; i++) {
            long sum = (long) LONG.getOpaque(memory, Layout.SHARED_SUM_OFFSET);
            LONG.setOpaque(memory, Layout.SHARED_SUM_OFFSET, sum + squares.get(i));
        }
    }

    private void addAtomically(LongBuffer squares, int length) {
        for (int i = 0; i < length; i++) {
            LONG.getAndAdd(memory, Layout.SHARED_SUM_OFFSET, squares.get(i));
        }
    }

    private void addLocked(LongBuffer squares, int length) {
        for (int i = 0; i < length; i++) {
            lock();
            long sum = (long) LONG.get(memory, Layout.SHARED_SUM_OFFSET);
            LONG.set(memory, Layout.SHARED_SUM_OFFSET, sum + squares.get(i));
            INT.setRelease(memory, Layout.LOCK_OFFSET, FREE);
        }
    }

    /** Whoever holds it may have been put aside by the scheduler, or killed: then the parent ends this process, too. */
    private void lock() {
        for (int looks = 0; !INT.weakCompareAndSetAcquire(memory, Layout.LOCK_OFFSET, FREE, HELD); looks++) {
            if (looks < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
