package dev.squares.service.settings;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/** Has a service refuse to start with a property of its own that it does not know. */
@AutoConfiguration
class SettingsConfiguration {
    /** Before there is any bean that reads one. */
    @Bean
    static BeanFactoryPostProcessor unknownProperties(ConfigurableEnvironment environment) {
        return beans -> new UnknownProperties(() -> known(beans)).refuse(environment);
    }

    private static Set<String> known(ConfigurableListableBeanFactory beans) {
        return Arrays.stream(beans.getBeanNamesForAnnotation(ConfigurationProperties.class))
                .map(name -> Objects.requireNonNull(beans.getType(name)))
                .filter(type -> type.getName().startsWith("dev.squares."))
                .flatMap(type -> Property.beside(type).stream())
                .map(Property::name)
                .collect(Collectors.toSet());
    }
}
