package dev.squares.service.problem;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Has a service answer every error with a problem detail, those included that never reach Spring. */
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
}
