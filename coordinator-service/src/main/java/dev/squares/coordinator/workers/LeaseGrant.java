package dev.squares.coordinator.workers;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * A worker that worker-service has lent, as it is told over HTTP.
 *
 * @param id under which it is used
 * @param pid its process id, where it runs
 * @param others that have been lent with it
 */
record LeaseGrant(UUID id, long pid, List<LeaseGrant> others) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    @SuppressWarnings("ConstantValue")
    LeaseGrant {
        // Left out where there are none.
        others = others == null ? List.of() : others;
    }

    /**
     * Where the worker is used: the answer's {@code Location}, for the configured URL may be a name for several services. One of
     * another scheme, port or form does not name a worker of this worker-service, and is not followed.
     *
     * @param url the configured one
     */
    URI address(URI url, @Nullable String location) {
        URI configured = UriComponentsBuilder.fromUri(url)
                .pathSegment("workers", id.toString())
                .build()
                .toUri();
        if (location == null) {
            return configured;
        }
        try {
            URI told = URI.create(location);
            return isOf(url, told) ? told : configured;
        } catch (IllegalArgumentException e) {
            return configured;
        }
    }

    private boolean isOf(URI url, URI told) {
        return url.getScheme().equalsIgnoreCase(told.getScheme())
                && told.getHost() != null
                && port(told) == port(url)
                && told.getRawPath().equals("/workers/" + id)
                && told.getRawUserInfo() == null
                && told.getRawQuery() == null
                && told.getRawFragment() == null;
    }

    private static int port(URI uri) {
        if (uri.getPort() != -1) {
            return uri.getPort();
        }
        return uri.getScheme().equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
    }
}
