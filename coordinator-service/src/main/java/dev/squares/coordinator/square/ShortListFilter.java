package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Answers requests with short lists before Spring MVC looks for who might, which takes longer than the job, and leaves a stack that is
 * expensive to put aside while the job runs. Only those in which nothing is unusual: all others go on to {@link SquareController}, and
 * so do those that fail, with what has been read of them and what has gone wrong.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
final class ShortListFilter extends HttpFilter {
    private static final String BEGUN = ShortListFilter.class.getName() + ".begun";
    private static final Set<String> JSON = Set.of(
            MediaType.APPLICATION_JSON_VALUE, "application/json;charset=utf-8", "application/json; charset=utf-8");

    /** Clients say the same over and over; but there are as many ways to say it as they like. */
    private static final int MOST_KNOWN = 100;

    private static final long serialVersionUID = 1;

    private final transient ShortExperiment experiment;
    private final transient JobMeters meters;
    private final transient SendRate rate;
    private final int maxProcesses;
    /** By their query strings. */
    private final transient Map<String, Options> known = new ConcurrentHashMap<>();

    /** What has been done of a request that is not answered yet. */
    record Begun(Stopwatch stopwatch, byte[] read, @Nullable Exception failure) {
        /** The request's body, from its start. */
        InputStream body() throws Exception {
            if (failure != null) {
                throw failure;
            }
            return new ByteArrayInputStream(read);
        }
    }

    ShortListFilter(ShortExperiment experiment, JobMeters meters, SendRate rate, SquaresProperties properties) {
        this.experiment = experiment;
        this.meters = meters;
        this.rate = rate;
        this.maxProcesses = properties.worker().maxProcesses();
    }

    /** Null if nothing has been done of this request. */
    static @Nullable Begun begun(HttpServletRequest request) {
        return (Begun) request.getAttribute(BEGUN);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!isUsual(request) || !isAnswered(request, response)) {
            chain.doFilter(request, response);
        }
    }

    /** Whether Spring MVC would have {@link SquareController} answer with JSON, as far as the head of the request says. */
    private static boolean isUsual(HttpServletRequest request) {
        String type = request.getContentType();
        return request.getMethod().equals("POST") && request.getServletPath().equals(SquareController.PATH)
                && type != null && JSON.contains(type.toLowerCase(Locale.ROOT))
                && request.getHeader(HttpHeaders.CONTENT_ENCODING) == null
                && SquareController.wantsJson(request);
    }

    private boolean isAnswered(HttpServletRequest request, HttpServletResponse response) {
        Stopwatch stopwatch = new Stopwatch(meters);
        byte[] body = {};
        try {
            Options options = options(request);
            if (!experiment.takes(options, request)) {
                return false;
            }
            nameForMetrics(request);
            body = experiment.read(request);
            if (experiment.run(options, request, body, stopwatch, new PlainAnswer(response, rate))) {
                return true;
            }
            request.setAttribute(BEGUN, new Begun(stopwatch, body, null));
        } catch (Exception e) {
            request.setAttribute(BEGUN, new Begun(stopwatch, body, e));
        }
        return false;
    }

    private Options options(HttpServletRequest request) {
        String query = Objects.requireNonNullElse(request.getQueryString(), "");
        Options options = known.get(query);
        if (options == null) {
            options = Options.of(request.getParameterMap(), maxProcesses);
            if (known.size() < MOST_KNOWN) {
                known.put(query, options);
            }
        }
        return options;
    }

    /** As Spring MVC does when it has found a controller. */
    private static void nameForMetrics(HttpServletRequest request) {
        request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, SquareController.PATH);
        ServerHttpObservationFilter.findObservationContext(request)
                .ifPresent(observed -> observed.setPathPattern(SquareController.PATH));
    }
}
