package dev.squares.service.settings;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.text.WordUtils;
import org.jspecify.annotations.Nullable;

/** What a service says to {@code --help}. */
public final class Help {
    private static final int WIDTH = 100;
    private static final String INDENT = "      ";

    private Help() {}

    /** Whether the arguments ask for it. */
    public static boolean isWanted(String[] arguments) {
        return Arrays.stream(arguments).anyMatch(List.of("--help", "-h")::contains);
    }

    /**
     * Prints it.
     *
     * @param service a class of it
     * @param about which service it is, and what it does
     * @param jar its name
     * @param port where it listens unless told otherwise
     */
    public static void print(Class<?> service, String about, String jar, int port) {
        System.out.println(about);
        System.out.println();
        System.out.println("Usage: java -jar " + jar + " [--<property>=<value> ...]");
        System.out.println();
        print("server.address", "127.0.0.1", "The address to listen on: this machine alone, unless set.");
        print("server.port", port, "The port.");
        for (Property property : Property.beside(service)) {
            print(property.name(), property.defaultValue(), property.description());
        }
        System.out.println();
        System.out.println(
                "As an environment variable: in capitals, with _ for a point and without hyphens (SERVER_PORT).");
    }

    private static void print(String name, @Nullable Object defaultValue, @Nullable String about) {
        System.out.println("  --" + name + (defaultValue == null ? "" : "=" + defaultValue));
        if (about != null) {
            System.out.println(INDENT + WordUtils.wrap(about, WIDTH, System.lineSeparator() + INDENT, false));
        }
    }
}
