package dev.squares.coordinator;

import dev.squares.coordinator.SquaresProperties.Lab;
import dev.squares.service.problem.HostNames;
import java.net.InetAddress;
import org.apache.catalina.Lifecycle;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;

/** What Tomcat must be told that no property of its own tells it. */
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
    FilterRegistrationBean<HostNames> hostNames(SquaresProperties properties, ServerProperties server) {
        FilterRegistrationBean<HostNames> registration = new FilterRegistrationBean<>(
                new HostNames(properties.hostNames(),
                        "Use localhost or an IP address as the host name, have squares.host-names name this one, or have "
                                + "server.address set to an address that other machines reach, and squares.lab not to on."));
        InetAddress bound = server.getAddress();
        // A service whose lab is on is for this machine alone, though it may be bound to more.
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        registration.setEnabled(bound != null && bound.isLoopbackAddress() || properties.lab() == Lab.ON);
        return registration;
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
