package dev.squares.service.client;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Hands a request's {@link Connection} on: a servlet sees a facade of the request that does not show it. */
final class ConnectionValve extends ValveBase {
    /** The request's attribute with its connection. */
    static final String ATTRIBUTE = Connection.class.getName();

    ConnectionValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        request.setAttribute(ATTRIBUTE, Connection.of(request));
        getNext().invoke(request, response);
    }
}
