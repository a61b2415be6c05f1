package dev.squares.worker.service.client;

import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;

/** Tomcat's HTTP/1.1, with connections that can be watched. Made by Tomcat, by its name. */
public final class WatchedProtocol extends Http11NioProtocol {
    @Override
    protected Processor createProcessor() {
        return new Connection(this, adapter);
    }
}
