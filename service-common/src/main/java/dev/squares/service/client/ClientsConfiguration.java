package dev.squares.service.client;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** Has a service able to watch its clients. */
@AutoConfiguration
class ClientsConfiguration {
    @Bean
    ClientWatch clientWatch() {
        return new ClientWatch();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> connectionsForAll() {
        return factory -> {
            factory.setProtocol(Connection.Protocol.class.getName());
            factory.addContextValves(new ConnectionValve());
        };
    }
}
