package dev.squares.workerservice;

import dev.squares.service.problem.HostNames;
import dev.squares.service.problem.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Keeps all but coordinators away: every page in a browser, and clients without the secret where there is one. */
@Configuration(proxyBeanMethods = false)
class CoordinatorAccess {
    @Bean
    FilterRegistrationBean<OriginFilter> originFilter() {
        return new FilterRegistrationBean<>(new OriginFilter());
    }

    @Bean
    FilterRegistrationBean<HostNames> hostNames(ServerProperties server) {
        FilterRegistrationBean<HostNames> registration = new FilterRegistrationBean<>(new HostNames(Set.of(),
                "Use localhost or an IP address as the host name, or have server.address set to an address that other "
                        + "machines reach."));
        InetAddress bound = server.getAddress();
        registration.setEnabled(bound != null && bound.isLoopbackAddress());
        return registration;
    }

    /** Health and the contract need no secret. */
    @Bean
    FilterRegistrationBean<Secret> secret(AccessProperties properties) {
        String secret = properties.secret();
        FilterRegistrationBean<Secret> registration = new FilterRegistrationBean<>(
                new Secret(secret == null ? "" : secret));
        registration.addUrlPatterns("/workers/*");
        registration.setEnabled(secret != null);
        return registration;
    }

    /** A browser adds the header to whatever a page sends that could change something here. */
    static final class OriginFilter extends HttpFilter {
        private static final long serialVersionUID = 1;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request.getHeader(HttpHeaders.ORIGIN) == null) {
                chain.doFilter(request, response);
            } else {
                Refusal.send(request, response, HttpStatus.FORBIDDEN, "No page in a browser may use this service.",
                        "Send the request without an Origin header, from a program.");
            }
        }
    }

    /** The secret is sent as a bearer token (RFC 6750). */
    static final class Secret extends HttpFilter {
        private static final long serialVersionUID = 1;
        private static final String BEARER = "Bearer";

        private final byte[] secret;

        Secret(String secret) {
            this.secret = secret.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (isShown(request.getHeader(HttpHeaders.AUTHORIZATION))) {
                chain.doFilter(request, response);
            } else {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, BEARER);
                Refusal.send(request, response, HttpStatus.UNAUTHORIZED,
                        "The request does not have this service's secret.",
                        "Set squares.worker.secret of the coordinator to the same as this service's.");
            }
        }

        private boolean isShown(@Nullable String authorization) {
            String scheme = BEARER + " ";
            return authorization != null
                    && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
                    // In a time that does not tell how much of it is right.
                    && MessageDigest.isEqual(
                            authorization.substring(scheme.length()).getBytes(StandardCharsets.UTF_8), secret);
        }
    }
}
