package dev.squares.worker.parent;

import dev.squares.worker.parent.Slot.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The idle slots that have worked, or those that have not: what a plan has no use for yet. */
final class IdleSlots {
    private final List<Slot> slots;
    private final boolean used;
    private int first;
    private int last;
    private int count;

    IdleSlots(List<Slot> slots, boolean used) {
        this.slots = slots;
        this.used = used;
        this.last = slots.size() - 1;
    }

    void countOne() {
        count++;
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The one that has been idle for longest. There must be one. */
    Slot takeFirst() {
        while (!has(slots.get(first))) {
            first++;
        }
        count--;
        return slots.get(first++);
    }

    /** The one that has been idle for the shortest time. There must be one. */
    Slot takeLast() {
        while (!has(slots.get(last))) {
            last--;
        }
        count--;
        return slots.get(last--);
    }

    /** The one that has been idle for longest of those that have been given the fewest warm-up jobs. */
    @Nullable
    Slot leastWarmedUp() {
        Slot least = null;
        for (int i = first; i <= last; i++) {
            Slot slot = slots.get(i);
            if (has(slot) && (least == null || slot.warmUps() < least.warmUps())) {
                least = slot;
            }
        }
        return least;
    }

    private boolean has(Slot slot) {
        return slot.is(State.IDLE) && slot.isUsed() == used;
    }
}
