package dev.squares.service.problem;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Has a service answer every error with a problem detail, those included that never reach Spring, and refuse
 * requests to host names that are not this machine's.
 */
@AutoConfiguration
@Import(ProblemAdvice.class)
class ProblemDetailsConfiguration {
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsForAll() {
        return factory -> factory.addContextCustomizers(context -> {
            StandardHost host = (StandardHost) context.getParent();
            // In the place of Tomcat's own.
            host.setErrorReportValveClass("");
            host.addValve(new ProblemReportValve());
        });
    }

    @Bean
    FilterRegistrationBean<HostNames> hostNames(ServerProperties server, Environment environment) {
        FilterRegistrationBean<HostNames> registration = new FilterRegistrationBean<>(new HostNames());
        registration.setEnabled(HostNames.apply(server.getAddress(), environment.getProperty("squares.lab")));
        return registration;
    }
}
