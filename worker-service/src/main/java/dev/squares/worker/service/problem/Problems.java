package dev.squares.worker.service.problem;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Has a service that imports it answer every error with a problem detail, those included that never reach Spring, and refuse
 * requests to host names that are not this machine's.
 */
@Configuration(proxyBeanMethods = false)
@Import(ProblemAdvice.class)
public class Problems {
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsForAll() {
        return factory -> factory.addContextCustomizers(context -> {
            StandardHost host = (StandardHost) context.getParent();
            host.setErrorReportValveClass(ProblemReportValve.class.getName());
        });
    }

    @Bean
    FilterRegistrationBean<HostNames> hostNames(ServerProperties server) {
        FilterRegistrationBean<HostNames> registration = new FilterRegistrationBean<>(new HostNames());
        registration.setEnabled(HostNames.apply(server.getAddress()));
        return registration;
    }
}
