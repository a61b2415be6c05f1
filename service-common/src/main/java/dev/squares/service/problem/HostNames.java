package dev.squares.service.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Refuses requests to host names that are not this machine's. A page can have its own host name point to the loopback address
 * (DNS rebinding): a browser then takes this service for the page's own server, and lets the page read the answers.
 *
 * <p>No such name is an IP address. A client that sends no name is not a browser.
 */
final class HostNames extends HttpFilter {
    private static final long serialVersionUID = 1;
    private static final Pattern OWN = Pattern.compile(
            "(localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+])(:\\d*)?", Pattern.CASE_INSENSITIVE);

    /**
     * Whether requests are to be checked: a service that others can reach has a name that it does not know. One whose lab is on is for
     * this machine alone, though it may be bound to more.
     *
     * @param lab the property {@code squares.lab}
     */
    static boolean apply(@Nullable InetAddress bound, @Nullable String lab) {
        // In a file of YAML, on is a truth value.
        return bound != null && bound.isLoopbackAddress() || "on".equalsIgnoreCase(lab) || "true".equalsIgnoreCase(lab);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String host = request.getHeader(HttpHeaders.HOST);
        if (host == null || OWN.matcher(host).matches()) {
            chain.doFilter(request, response);
        } else {
            Refusal.send(request, response, HttpStatus.MISDIRECTED_REQUEST,
                    "This service answers this machine alone, and the host name of the request is not this machine's.",
                    "Use localhost or an IP address as the host name, or have server.address set to an address that "
                            + "other machines reach, and squares.lab not to on.");
        }
    }
}
