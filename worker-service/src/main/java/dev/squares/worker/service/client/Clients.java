package dev.squares.worker.service.client;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has a service that imports it able to watch its clients. */
@Configuration(proxyBeanMethods = false)
public class Clients {
    @Bean
    ClientWatch clientWatch() {
        return new ClientWatch();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> connectionsForAll() {
        return factory -> {
            factory.setProtocol(WatchedProtocol.class.getName());
            factory.addContextValves(new ConnectionValve());
        };
    }
}
