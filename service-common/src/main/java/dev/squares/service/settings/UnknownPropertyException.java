package dev.squares.service.settings;

/** A property was set that there is not. Its value is not told: it may be a secret under a misspelt name. */
final class UnknownPropertyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String nearest;

    UnknownPropertyException(String name, String nearest) {
        super("There is no property " + name + ".");
        this.nearest = nearest;
    }

    /** The name of the property that there is and that is most like it. */
    String nearest() {
        return nearest;
    }
}
