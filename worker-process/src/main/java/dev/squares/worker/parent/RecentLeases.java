package dev.squares.worker.parent;

/** How many workers have been leased at once lately. Guarded by the pool's lock. Times are in nanoseconds of the pool's clock. */
final class RecentLeases {
    private int most;
    private long until = Long.MIN_VALUE;

    /** @param leased how many are, before one of them is given back */
    void ending(int leased, long now) {
        if (leased >= most(now)) {
            most = leased;
            until = now + PoolPlan.KEPT_AFTER_USE;
        }
    }

    /** The most that were leased at once: as many may be wanted again. */
    int most(long now) {
        return now < until ? most : 0;
    }

    /** When that is over. */
    long until() {
        return until;
    }
}
