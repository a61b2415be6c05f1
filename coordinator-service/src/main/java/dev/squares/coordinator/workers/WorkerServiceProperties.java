package dev.squares.coordinator.workers;

import dev.squares.service.pool.WorkerProperties;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Where the coordinator finds worker-service.
 *
 * @param url Where worker-service is; unless set, the coordinator forks worker processes itself. Where it is set, worker-service
 *        says how many there are, and the coordinator waits a little longer than its own timeouts.
 * @param secret What worker-service asks of its coordinators; an empty one is none.
 */
@ConfigurationProperties("squares.worker")
record WorkerServiceProperties(@Nullable URI url, @Nullable String secret) {
    WorkerServiceProperties {
        secret = WorkerProperties.secret(secret);
        if (url != null && url.getHost() == null) {
            throw new InvalidConfigurationPropertyValueException(
                    "squares.worker.url", url, "It must be the URL of a server, such as http://worker:8081.");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "WorkerServiceProperties[url=" + url + ", secret=" + (secret == null ? "none" : "(not shown)") + "]";
    }
}
