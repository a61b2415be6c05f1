package dev.squares.coordinator;

import dev.squares.service.tracing.Tracing;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Times requests under the name and the tags of Spring's own observation of them. That is made for tracing as well, and costs as much as
 * a sixth of a short request; here a timer is looked up once. Where requests are traced, there is that observation.
 */
@Component
// There is no "only if missing": no endpoint is "false".
@ConditionalOnProperty(name = Tracing.ENDPOINT, havingValue = "false", matchIfMissing = true)
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class HttpMetrics extends HttpFilter {
    private static final String NAME = "http.server.requests";
    private static final String NONE = "none";
    private static final String UNKNOWN = "UNKNOWN";
    private static final Set<String> METHODS = Arrays.stream(HttpMethod.values())
            .map(HttpMethod::name)
            .collect(Collectors.toUnmodifiableSet());

    private static final long serialVersionUID = 1;

    private final transient MeterRegistry registry;
    private final transient LongTaskTimer active;
    private final transient Map<Key, Timer> timers = new ConcurrentHashMap<>();

    private record Key(String method, String uri, int status, String exception) {}

    HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.active = LongTaskTimer.builder(NAME + ".active").register(registry);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        LongTaskTimer.Sample sample = active.start();
        long start = System.nanoTime();
        Throwable thrown = null;
        try {
            chain.doFilter(request, response);
        } catch (Throwable e) {
            thrown = e;
            throw e;
        } finally {
            long nanos = System.nanoTime() - start;
            sample.stop();
            // Whatever is thrown as far as here is an error of this service's own, though no status says so yet.
            int status = thrown == null ? response.getStatus() : HttpStatus.INTERNAL_SERVER_ERROR.value();
            timers.computeIfAbsent(new Key(method(request), pattern(request), status, name(thrown)), this::timer)
                    .record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** One that is known: a client may make up others. */
    private static String method(HttpServletRequest request) {
        return METHODS.contains(request.getMethod()) ? request.getMethod() : UNKNOWN;
    }

    /** Not the path: there are as many of them as clients like. */
    private static String pattern(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return Objects.requireNonNullElse(pattern, UNKNOWN).toString();
    }

    private static String name(@Nullable Throwable thrown) {
        return thrown == null ? NONE : thrown.getClass().getSimpleName();
    }

    private Timer timer(Key key) {
        HttpStatus.Series series = HttpStatus.Series.resolve(key.status);
        String outcome = series == null
                ? UNKNOWN
                : series == HttpStatus.Series.SUCCESSFUL ? "SUCCESS" : series.name();
        return Timer.builder(NAME)
                .tags("method", key.method, "uri", key.uri, "status", Integer.toString(key.status), "outcome", outcome,
                        "exception", key.exception, "error", key.exception)
                .register(registry);
    }
}
