package dev.squares.worker.parent;

import dev.squares.worker.parent.Slot.EndReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What follows from a change of a pool: noted under the pool's lock, to be done outside. */
final class Effects {
    private final Processes processes;
    private List<Runnable> noted = List.of();

    /** What a pool does with processes. Called outside the lock. */
    interface Processes {
        void start(Slot slot);

        void warmUp(Slot slot, Worker worker, int jobs);

        void end(Worker worker, EndReason reason);

        void kill(Worker worker);

        /** Nothing is started for so long. */
        void pausing(String reason, long nanos);
    }

    Effects(Processes processes) {
        this.processes = processes;
    }

    void tell(Request request) {
        note(request::tell);
    }

    void start(Slot slot) {
        note(() -> processes.start(slot));
    }

    void warmUp(Slot slot, int jobs) {
        Worker worker = Objects.requireNonNull(slot.worker());
        note(() -> processes.warmUp(slot, worker, jobs));
    }

    /** One that has not been forked yet is killed when it has been. */
    void end(Slot slot, EndReason reason) {
        Worker worker = slot.worker();
        if (worker != null) {
            note(() -> processes.end(worker, reason));
        }
    }

    void kill(Slot slot) {
        Worker worker = slot.worker();
        if (worker != null) {
            note(() -> processes.kill(worker));
        }
    }

    void pausing(String reason, long nanos) {
        note(() -> processes.pausing(reason, nanos));
    }

    private void note(Runnable effect) {
        if (noted.isEmpty()) {
            noted = new ArrayList<>(2);
        }
        noted.add(effect);
    }

    /** All that has been noted since this was last called. */
    List<Runnable> take() {
        List<Runnable> taken = noted;
        noted = List.of();
        return taken;
    }
}
