package dev.squares.worker.fork;

import dev.squares.worker.fork.Slot.State;
import java.util.List;

/** The idle slots that have worked, or have not: those that this plan has no use for yet. */
final class IdleSlots {
    final List<Slot> slots;
    final boolean used;
    int first;
    int last;
    int count;

    IdleSlots(List<Slot> slots, boolean used) {
        this.slots = slots;
        this.used = used;
        this.last = slots.size() - 1;
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

    private boolean has(Slot slot) {
        return slot.is(State.IDLE) && slot.isUsed() == used;
    }
}
