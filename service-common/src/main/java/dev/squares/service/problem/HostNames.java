package dev.squares.service.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Refuses requests to host names that are not this machine's. A page can have its own host name point to the loopback address
 * (DNS rebinding): a browser then takes this service for the page's own server, and lets the page read the answers.
 *
 * <p>No such name is an IP address. A client that sends no name is not a browser.
 *
 * <p>It is for a service that this machine alone reaches: one that others reach has a name that it does not know.
 */
public final class HostNames extends HttpFilter {
    private static final long serialVersionUID = 1;
    private static final String NAMES_AND_ADDRESSES = "localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]";

    private final Pattern own;
    private final String action;
    /** The last one that passed: most requests say the same. */
    private volatile String lastOwn = "localhost";

    /**
     * Makes the check.
     *
     * @param others host names that are this machine's as well, without a port
     * @param action what a client that is refused can do
     */
    public HostNames(Set<String> others, String action) {
        String more = others.stream().map(name -> "|" + Pattern.quote(name)).collect(Collectors.joining());
        this.own = Pattern.compile("(" + NAMES_AND_ADDRESSES + more + ")(:\\d*)?", Pattern.CASE_INSENSITIVE);
        this.action = action;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String host = request.getHeader(HttpHeaders.HOST);
        if (host == null || isOwn(host)) {
            chain.doFilter(request, response);
        } else {
            Refusal.send(request, response, HttpStatus.MISDIRECTED_REQUEST,
                    "This service answers this machine alone, and the host name of the request is not this machine's.",
                    action);
        }
    }

    private boolean isOwn(String host) {
        if (host.equals(lastOwn)) {
            return true;
        }
        boolean matches = own.matcher(host).matches();
        if (matches) {
            lastOwn = host;
        }
        return matches;
    }
}
