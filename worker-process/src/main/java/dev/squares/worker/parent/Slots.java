package dev.squares.worker.parent;

import dev.squares.worker.parent.Slot.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The processes of a pool, in the order in which they came to their states. Guarded by the pool's lock. */
final class Slots {
    private final List<Slot> slots = new ArrayList<>();
    private final List<Slot> view = Collections.unmodifiableList(slots);

    List<Slot> all() {
        return view;
    }

    void add(Slot slot) {
        slots.add(slot);
    }

    void remove(Slot slot) {
        slots.remove(slot);
    }

    /** Puts one that has changed its state behind all others. */
    void changed(Slot slot) {
        if (slots.remove(slot)) {
            slots.add(slot);
        }
    }

    int count(State state) {
        int count = 0;
        for (Slot slot : slots) {
            if (slot.is(state)) {
                count++;
            }
        }
        return count;
    }

    /** How many processes there are, those included that have yet to be forked. */
    int processes() {
        int count = 0;
        for (Slot slot : slots) {
            if (!slot.hasExited()) {
                count++;
            }
        }
        return count;
    }
}
