package dev.squares.service.settings;

import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.function.SingletonSupplier;

/** Refuses what nobody would read: a misspelt property would be a default instead, without a word. */
final class UnknownProperties {
    private static final String VARIABLE_PREFIX = "SQUARES_";

    /** What Kubernetes and old Docker links set for a service of that name, and what the compose file is filled in with. */
    private static final Pattern OF_A_PLATFORM = Pattern.compile(
            "SQUARES_(IMAGES|VERSION)|SQUARES(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)");

    /** Asked for where any property is set at all: to read them takes a fifth of a second of a start. */
    private final Supplier<Set<String>> known;

    /** @param known gives the names of all properties that there are */
    UnknownProperties(Supplier<Set<String>> known) {
        this.known = SingletonSupplier.of(known);
    }

    /** @throws UnknownPropertyException if there is one */
    void refuse(ConfigurableEnvironment environment) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> properties) {
                for (String name : properties.getPropertyNames()) {
                    if (source instanceof SystemEnvironmentPropertySource) {
                        refuseVariable(name);
                    } else {
                        refuseProperty(name);
                    }
                }
            }
        }
    }

    private void refuseProperty(String name) {
        String plain = plain(name);
        if (plain.startsWith(Property.PREFIX) && known.get().stream().noneMatch(other -> plain(other).equals(plain))) {
            throw new UnknownPropertyException(name, nearest(name));
        }
    }

    private void refuseVariable(String name) {
        if (name.startsWith(VARIABLE_PREFIX) && !OF_A_PLATFORM.matcher(name).matches()
                && known.get().stream().noneMatch(other -> plain(variable(other)).equals(plain(name)))) {
            throw new UnknownPropertyException(name, variable(nearest(name.replace('_', '.'))));
        }
    }

    private String nearest(String name) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.get()
                .stream()
                .min(Comparator.comparing(other -> distance.apply(plain(other), plain(name))))
                .orElseThrow();
    }

    /** All ways to write a name are one, see Spring Boot's "Relaxed Binding". */
    private static String plain(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    private static String variable(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
