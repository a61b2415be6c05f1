package dev.squares.coordinator.square;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The data of one event while it is put together: an object of JSON on one line, see the HTML standard's <i>Server-sent events</i>.
 * Every text in it is this program's own, or what the kernel has written.
 */
final class EventText {
    private final String name;
    private final StringBuilder json = new StringBuilder(128);

    private double millis;

    /** @param by the side that has done it: "parent" or "child" */
    EventText(String name, String by) {
        this.name = name;
        json.append(",\"by\":\"").append(by).append('"');
    }

    /** Says when it happened, in milliseconds since the request came. */
    void at(double millis) {
        this.millis = millis;
    }

    EventText with(String member, long value) {
        return withJson(member, Long.toString(value));
    }

    EventText with(String member, BigInteger value) {
        return withJson(member, value.toString());
    }

    /** Leaves out what is not known. */
    EventText withKnown(String member, @Nullable Long value) {
        return value == null ? this : with(member, value);
    }

    /** Leaves out what is not known. */
    EventText with(String member, @Nullable String text) {
        return text == null
                ? this
                : withJson(member,
                        '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"');
    }

    EventText withJson(String member, String value) {
        json.append(",\"").append(member).append("\":").append(value);
        return this;
    }

    String name() {
        return name;
    }

    /** Without the brace that ends it. */
    String open() {
        return "{\"t\":" + millis + json;
    }
}
