package dev.squares.worker.parent;

import java.time.Duration;

/** Pool settings with which nothing times out unless a test is about that. */
final class Settings {
    static final Duration LONG = Duration.ofMinutes(1);
    static final Duration SHORT = Duration.ofMillis(300);

    static final int JOBS_AT_ONCE = 3;

    private Settings() {}

    static PoolSettings of(int standby, int maxProcesses) {
        return of(standby, maxProcesses, Integer.MAX_VALUE);
    }

    static PoolSettings of(int standby, int maxProcesses, int maxJobs) {
        return new PoolSettings(standby, maxProcesses, maxJobs, JOBS_AT_ONCE, 0, LONG, LONG, LONG, SHORT);
    }

    static PoolSettings withIdleWarmUps(PoolSettings settings, int idleWarmUps) {
        return new PoolSettings(settings.standby(), settings.maxProcesses(), settings.maxJobs(), settings.jobsAtOnce(),
                idleWarmUps,
                settings.timeout(), settings.queueTimeout(), settings.startTimeout(), settings.killGrace());
    }

    static PoolSettings withTimeout(PoolSettings settings, Duration timeout) {
        return new PoolSettings(settings.standby(), settings.maxProcesses(), settings.maxJobs(), settings.jobsAtOnce(),
                settings.idleWarmUps(),
                timeout,
                settings.queueTimeout(), settings.startTimeout(), settings.killGrace());
    }

    static PoolSettings withQueueTimeout(PoolSettings settings, Duration queueTimeout) {
        return new PoolSettings(settings.standby(), settings.maxProcesses(), settings.maxJobs(), settings.jobsAtOnce(),
                settings.idleWarmUps(),
                settings.timeout(),
                queueTimeout, settings.startTimeout(), settings.killGrace());
    }

    static PoolSettings withStartTimeout(PoolSettings settings, Duration startTimeout) {
        return new PoolSettings(settings.standby(), settings.maxProcesses(), settings.maxJobs(), settings.jobsAtOnce(),
                settings.idleWarmUps(),
                settings.timeout(),
                settings.queueTimeout(), startTimeout, settings.killGrace());
    }

    static PoolSettings withKillGrace(PoolSettings settings, Duration killGrace) {
        return new PoolSettings(settings.standby(), settings.maxProcesses(), settings.maxJobs(), settings.jobsAtOnce(),
                settings.idleWarmUps(),
                settings.timeout(),
                settings.queueTimeout(), settings.startTimeout(), killGrace);
    }
}
