package dev.squares.coordinator.workers;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Sends a request once more whose connection broke before an answer came: a connection that was kept may be dead, because
 * worker-service was started anew.
 *
 * <p>Every request to worker-service can be sent twice. A second worker that is taken goes back at the end of its lease, and a
 * worker takes one job alone.
 */
final class RetryOnce implements ClientHttpRequestInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(RetryOnce.class);

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        try {
            return execution.execute(request, body);
        } catch (HttpTimeoutException | ConnectException e) {
            // Not a kept connection's fault.
            throw e;
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.debug("{} {} is sent once more", request.getMethod(), request.getURI(), e);
            return execution.execute(request, body);
        }
    }
}
