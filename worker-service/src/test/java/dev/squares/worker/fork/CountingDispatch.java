package dev.squares.worker.fork;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the pool decided when it still counted: transcribed, with names for processes and requests, and with a clock. What was done
 * by timers of its own is done when it is {@link #look looked at}.
 */
final class CountingDispatch {
    private record Waiter(String name, ProcessKind kind, long since) {}

    private final PoolSettings settings;
    private final ArrayDeque<String> unused = new ArrayDeque<>();
    private final ArrayDeque<String> used = new ArrayDeque<>();
    private final Map<String, Waiter> waiting = new LinkedHashMap<>();
    private final Set<String> alive = new HashSet<>();
    private final Map<String, Long> cold = new LinkedHashMap<>();
    private final Map<String, Integer> jobs = new LinkedHashMap<>();
    private List<String> decisions = new ArrayList<>();
    private int names;
    private int processes;
    private int starting;
    private int warming;
    private int busyFresh;
    private int busyPooled;
    private int failures;
    private boolean pausing;
    private long resumeAt;
    private boolean refillPending;
    private long refillAt;
    private long lastTake;
    private long now;

    CountingDispatch(PoolSettings settings) {
        this.settings = settings;
        dispatch(true);
    }

    List<String> decisions() {
        List<String> decided = decisions;
        decisions = new ArrayList<>();
        return decided;
    }

    String counts() {
        return "idle=" + idle() + " busy=" + busy() + " starting=" + (starting + warming) + " processes=" + processes
                + " waiting=" + waiting.size() + " failing=" + (failures > 0);
    }

    void pass(long time) {
        now = time;
    }

    void look(long time) {
        now = time;
        if (pausing && now >= resumeAt) {
            pausing = false;
        }
        if (refillPending && now >= refillAt) {
            refillPending = false;
            dispatch(true);
        } else {
            dispatch(false);
        }
        warmUpOne();
    }

    private int idle() {
        return unused.size() + used.size();
    }

    private int busy() {
        return busyFresh + busyPooled;
    }

    void enqueue(String name, ProcessKind kind) {
        lastTake = now;
        if (kind == ProcessKind.FRESH && unused.isEmpty() && used.size() >= settings.standby()) {
            retire(used.pollFirst());
        }
        waiting.put(name, new Waiter(name, kind, now));
        dispatch(false);
    }

    void abandon(String name) {
        if (waiting.remove(name) != null) {
            dispatch(false);
        }
    }

    private void dispatch(boolean refill) {
        int places = settings.maxProcesses() - busy();
        int freshUnserved = 0;
        int pooledUnserved = 0;
        for (Iterator<Waiter> queue = waiting.values().iterator(); queue.hasNext() && places > 0; places--) {
            Waiter waiter = queue.next();
            String worker = pollIdle(waiter.kind);
            if (worker == null) {
                switch (waiter.kind) {
                    case FRESH -> freshUnserved++;
                    case POOLED -> {
                        if (busyPooled == 0 || now - waiter.since >= Duration.ofMillis(50).toNanos()) {
                            pooledUnserved++;
                        }
                    }
                }
            } else {
                queue.remove();
                count(waiter.kind, 1);
                decisions.add("lease " + worker + " to " + waiter.name);
            }
        }
        int missing = freshUnserved + pooledUnserved;
        int standbyMissing = settings.standby() - idle() - busyPooled - pooledUnserved;
        if (refill || missing > 0) {
            missing += Math.max(standbyMissing, 0);
        } else if (starting + warming < standbyMissing && !refillPending) {
            refillPending = true;
            refillAt = now + Duration.ofMillis(10).toNanos();
        }
        while (!pausing && starting + warming < missing && processes < settings.maxProcesses() + settings.standby()) {
            processes++;
            starting++;
            decisions.add("start s" + names);
            alive.add("s" + names++);
        }
    }

    private String pollIdle(ProcessKind kind) {
        String worker = kind == ProcessKind.POOLED ? used.pollLast() : null;
        if (worker == null) {
            worker = unused.pollFirst();
            cold.remove(worker);
        }
        return worker;
    }

    private void count(ProcessKind kind, int change) {
        switch (kind) {
            case FRESH -> busyFresh += change;
            case POOLED -> busyPooled += change;
        }
    }

    void giveBack(String worker, ProcessKind kind, boolean usable) {
        count(kind, -1);
        boolean workedOut = kind == ProcessKind.FRESH || jobs.merge(worker, 1, Integer::sum) >= settings.maxJobs();
        if (workedOut || !usable) {
            retire(worker);
        } else {
            used.addLast(worker);
        }
        dispatch(false);
        trim();
    }

    private void trim() {
        while (idle() > settings.standby()) {
            retire(unused.size() > used.size() ? unused.pollLast() : used.pollFirst());
        }
    }

    private void retire(String worker) {
        if (worker != null) {
            decisions.add("end " + worker);
        }
    }

    void started(String worker) {
        starting--;
        failures = 0;
        cold.put(worker, now);
        ready(worker);
    }

    void startFailed() {
        starting--;
        failed();
    }

    void warmedUp(String worker) {
        warming--;
        ready(worker);
    }

    void warmUpFailed() {
        warming--;
        failed();
    }

    private void ready(String worker) {
        if (alive.contains(worker)) {
            unused.addLast(worker);
        }
        dispatch(false);
        trim();
    }

    private void warmUpOne() {
        long quiet = Duration.ofSeconds(1).toNanos();
        if (settings.idleWarmUps() == 0 || now - lastTake < quiet || starting + warming + busy() > 0) {
            return;
        }
        unused.stream()
                .filter(cold::containsKey)
                .findFirst()
                .filter(worker -> now - cold.get(worker) >= quiet)
                .ifPresent(
                        worker -> {
                            cold.remove(worker);
                            unused.remove(worker);
                            warming++;
                            decisions.add("warm up " + worker);
                        });
    }

    private void failed() {
        long pause = Math.min(100L << Math.min(failures, 10), 10_000);
        if (!pausing || failures == 0) {
            failures++;
        }
        pause(pause);
        dispatch(false);
    }

    void exited(String worker) {
        alive.remove(worker);
        cold.remove(worker);
        if (unused.remove(worker) || used.remove(worker)) {
            pause(100);
        }
        processes--;
        dispatch(false);
    }

    private void pause(long millis) {
        if (!pausing) {
            pausing = true;
            resumeAt = now + Duration.ofMillis(millis).toNanos();
        }
    }
}
