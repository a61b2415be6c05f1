package dev.squares.coordinator.square;

import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.SumMode;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** What a client is told of a list that is not taken. */
final class Refusals {
    private Refusals() {}

    static ProblemException malformed(String detail, @Nullable Throwable cause) {
        return new ProblemException(ProblemType.MALFORMED_JSON, detail, cause);
    }

    /** @param e how the body ended */
    static ProblemException brokenOff(Exception e) {
        // Tomcat wraps its own.
        boolean timeout = Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                .anyMatch(SocketTimeoutException.class::isInstance);
        return timeout
                ? new ProblemException(ProblemType.REQUEST_TIMEOUT, "The rest of the body did not arrive in time.", e)
                : malformed("The body breaks off before its JSON value ends.", e);
    }

    static ProblemException tooManyElements(long maxLength) {
        return new ProblemException(ProblemType.LIST_TOO_LONG, "The list has more than " + maxLength + " elements.")
                .with("maxLength", maxLength);
    }

    static ProblemException tooManyBytes(long maxLength, long maxBytes) {
        String detail = "The body has more bytes than a list of " + maxLength + " elements takes: "
                + maxBytes + ".";
        return new ProblemException(ProblemType.LIST_TOO_LONG, detail).with("maxLength", maxLength);
    }

    static ProblemException tooManyToExplain(long maxLength) {
        return new ProblemException(
                ProblemType.LIST_TOO_LONG,
                "The list has more than the " + maxLength + " elements that can be explained.")
                .with("maxLength", maxLength)
                .with("action", "Send a shorter list, or leave out explain=true.");
    }

    /** For children that are to add to one sum. */
    static ProblemException sumTooLarge(ArithmeticException e) {
        return OptionNames.invalid(Options.SUM,
                "The sum of these squares does not fit the 64 bits that the children would add to.",
                List.of(OptionNames.of(SumMode.OWN)));
    }

    static ProblemException notAList(JsonToken body) {
        return new ProblemException(
                ProblemType.NOT_AN_INTEGER_LIST, "The body is " + kind(body) + ", not an array of integers.");
    }

    static ProblemException notAnInteger(long index, JsonToken token, @Nullable Object value) {
        String detail = "Element " + index + " is " + kind(token) + ", not an integer.";
        return new ProblemException(ProblemType.NOT_AN_INTEGER_LIST, detail)
                .with("index", index)
                .with("value", value);
    }

    static ProblemException outOfRange(long index, Object value) {
        String detail = "The square of element " + index + " does not fit 64 bits: its magnitude is more than "
                + MappedFile.MAX_INPUT + ".";
        return new ProblemException(ProblemType.SQUARE_OUT_OF_RANGE, detail).with("index", index).with("value", value);
    }

    /** A number that is too long to be shown. */
    static ProblemException numberTooLong(long index, int maxCharacters, Exception e) {
        String detail = "Element " + index + " is a number of more than " + maxCharacters + " characters.";
        return new ProblemException(ProblemType.SQUARE_OUT_OF_RANGE, detail, e).with("index", index);
    }

    /** A string that is too long to be shown. */
    static ProblemException stringTooLong(long index, int maxCharacters, Exception e) {
        String detail = "Element " + index + " is a string of more than " + maxCharacters + " characters.";
        return new ProblemException(ProblemType.NOT_AN_INTEGER_LIST, detail, e).with("index", index);
    }

    private static String kind(JsonToken token) {
        return switch (token) {
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a number";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction";
            default -> token.asString();
        };
    }
}
