package dev.squares.coordinator;

import org.apache.catalina.Lifecycle;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/** What Tomcat must be told that no property tells it. */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {
    /** A quarter of the writes that the default makes of a long answer. Every connection has such a buffer on the heap. */
    private static final int WRITE_BUFFER_BYTES = 32 * 1024;

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> largeWrites() {
        return factory -> factory.addProtocolHandlerCustomizers((AbstractHttp11Protocol<?> protocol) -> protocol
                .setProperty("socket.appWriteBufSize", Integer.toString(WRITE_BUFFER_BYTES)));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> sendBuffer(SquaresProperties properties) {
        DataSize bytes = properties.sendBuffer();
        return factory -> factory.addProtocolHandlerCustomizers((AbstractHttp11Protocol<?> protocol) -> {
            if (bytes != null) {
                protocol.setProperty("socket.txBufSize", Long.toString(bytes.toBytes()));
            }
        });
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bodiesReadAway(SquaresProperties properties) {
        // A client that is refused while it still sends hears of it only if the rest of its body is read away.
        return factory -> {
            factory.addProtocolHandlerCustomizers((AbstractHttp11Protocol<?> protocol) -> protocol
                    .setMaxSwallowSize((int) Math.min(properties.maxBodyBytes(), Integer.MAX_VALUE)));
            factory.addConnectorCustomizers(connector -> connector.addLifecycleListener(event -> {
                // The connector makes its adapter when it is initialized.
                if (event.getType().equals(Lifecycle.AFTER_INIT_EVENT)) {
                    ProtocolHandler protocol = connector.getProtocolHandler();
                    protocol.setAdapter(new BoundedSwallowing(
                            protocol.getAdapter(), properties.receiveTimeout(), properties.maxBodyBytes()));
                }
            }));
        };
    }
}
