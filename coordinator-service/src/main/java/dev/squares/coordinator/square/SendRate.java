package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** How slowly a client may take its answer. */
@Component
final class SendRate {
    /** What Tomcat takes where it is told nothing. */
    private static final Duration TOMCATS_TIMEOUT = Duration.ofMinutes(1);

    private final DataSize min;
    private final Duration grace;

    SendRate(SquaresProperties properties, TomcatServerProperties tomcat) {
        this.min = properties.minSendRate();
        this.grace = Objects.requireNonNullElse(tomcat.getConnectionTimeout(), TOMCATS_TIMEOUT);
    }

    /** A stream that cuts a client that is slower, from now on. */
    OutputStream bound(OutputStream client) {
        return new SteadyStream(client, min, grace, System::nanoTime);
    }
}
