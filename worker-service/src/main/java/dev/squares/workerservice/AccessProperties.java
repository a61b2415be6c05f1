package dev.squares.workerservice;

import dev.squares.service.pool.WorkerProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who may use this service.
 *
 * @param secret What it asks of its coordinators; an empty one is none.
 */
@ConfigurationProperties("squares.worker")
record AccessProperties(@Nullable String secret) {
    AccessProperties {
        secret = WorkerProperties.secret(secret);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "AccessProperties[secret=" + (secret == null ? "none" : "(not shown)") + "]";
    }
}
