package dev.squares.coordinator;

import dev.squares.service.tracing.Tracing;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ServerHttpObservationFilter;

/** Spring's own observation of requests, which traces them, in place of {@link HttpMetrics}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(Tracing.ENDPOINT)
class HttpTraces {
    @Bean
    FilterRegistrationBean<ServerHttpObservationFilter> tracedRequests(ObservationRegistry observations) {
        FilterRegistrationBean<ServerHttpObservationFilter> registration = new FilterRegistrationBean<>(
                new ServerHttpObservationFilter(observations));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }
}
