package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.service.problem.ProblemException;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.MappedFileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a JSON array of integers, element by element, into a mapped file. An integer is what JSON Schema calls one: {@code 1.0}
 * and {@code 1e2} are. Nothing is coerced, and nothing but the token at hand is on the heap.
 *
 * <p>An element that is refused is named only when the whole body has turned out to be JSON: a body that is not JSON is a
 * malformed one, whatever else is wrong with it. Until then the file takes no room.
 */
@Component
final class IntegerListReader {
    /** No number that is accepted needs as many characters, none that is refused is shown in more. */
    private static final int MAX_TOKEN_LENGTH = 1000;

    private static final JsonFactory JSON = JsonFactory.builder()
            // It is UTF-8. See RFC 8259.
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(MAX_TOKEN_LENGTH)
                    .maxStringLength(MAX_TOKEN_LENGTH)
                    .maxNameLength(MAX_TOKEN_LENGTH)
                    .build())
            .build();

    private final long maxLength;
    private final long maxBytes;
    private final Duration timeout;

    IntegerListReader(SquaresProperties properties) {
        maxLength = properties.maxLength();
        maxBytes = properties.maxBodyBytes();
        timeout = properties.receiveTimeout();
    }

    /**
     * Reads a list to its end.
     *
     * @param contentLength how long the body says it is; negative if it does not
     * @throws ProblemException if it is not a list of integers whose squares fit 64 bits, or is too long
     */
    void read(InputStream body, long contentLength, MappedFileWriter to) {
        if (contentLength > maxBytes) {
            throw tooManyBytes();
        }
        PlainIntegerScanner plain = new PlainIntegerScanner(
                new LimitedBody(body, maxBytes, timeout, this::tooManyBytes));
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), plain.take(to, maxLength))) {
            JsonToken first = json.nextToken();
            if (first == null) {
                throw Refusals.malformed("The body is empty.", null);
            }
            ProblemException refusal;
            if (first == JsonToken.START_ARRAY) {
                refusal = readElements(json, plain.taken(), to);
            } else {
                refusal = Refusals.notAList(first);
                to.abandon();
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                throw Refusals.malformed("Something follows the JSON value.", null);
            }
            if (refusal != null) {
                throw refusal;
            }
        } catch (IOException | JacksonIOException e) {
            throw Refusals.brokenOff(e);
        } catch (UnexpectedEndOfInputException e) {
            throw Refusals.malformed("The body ends before its JSON value does.", e);
        } catch (StreamConstraintsException e) {
            throw Refusals.malformed(
                    "The body is nested too deep, or has a name that is too long" + place(e, plain) + ".", e);
        } catch (JacksonException e) {
            throw Refusals.malformed("The body is not JSON" + place(e, plain) + ".", e);
        }
    }

    /** Adds elements from the one at {@code start} up to the first that is refused, and reads on to the end. Returns the refusal. */
    private @Nullable ProblemException readElements(JsonParser json, long start, MappedFileWriter to) {
        ProblemException refusal = null;
        long index = start;
        for (JsonToken token = nextElement(json, index); token != JsonToken.END_ARRAY; token = nextElement(json,
                index)) {
            if (index == maxLength) {
                throw Refusals.tooManyElements(maxLength);
            }
            if (refusal == null) {
                refusal = add(json, token, index, to);
                if (refusal != null) {
                    to.abandon();
                }
            }
            if (token.isStructStart()) {
                json.skipChildren();
            }
            index++;
        }
        return refusal;
    }

    private static JsonToken nextElement(JsonParser json, long index) {
        try {
            return json.nextToken();
        } catch (StreamConstraintsException e) {
            // Of an array's own tokens, only a number is looked at as a whole by now.
            throw Refusals.numberTooLong(index, MAX_TOKEN_LENGTH, e);
        }
    }

    private static @Nullable ProblemException add(JsonParser json, JsonToken token, long index, MappedFileWriter to) {
        return switch (token) {
            case VALUE_NUMBER_INT -> json.getNumberType() == NumberType.BIG_INTEGER
                    ? Refusals.outOfRange(index, json.getBigIntegerValue())
                    : add(json.getLongValue(), index, to);
            case VALUE_NUMBER_FLOAT -> addDecimal(json.getString(), index, to);
            case VALUE_STRING -> Refusals.notAnInteger(index, token, string(json, index));
            case VALUE_TRUE -> Refusals.notAnInteger(index, token, true);
            case VALUE_FALSE -> Refusals.notAnInteger(index, token, false);
            case START_ARRAY -> Refusals.notAnInteger(index, token, "[...]");
            case START_OBJECT -> Refusals.notAnInteger(index, token, "{...}");
            default -> Refusals.notAnInteger(index, token, null);
        };
    }

    private static @Nullable ProblemException add(long input, long index, MappedFileWriter to) {
        if (input > MappedFile.MAX_INPUT || input < -MappedFile.MAX_INPUT) {
            return Refusals.outOfRange(index, input);
        }
        to.add(input);
        return null;
    }

    private static @Nullable ProblemException addDecimal(String text, long index, MappedFileWriter to) {
        DecimalNumber number = new DecimalNumber(text);
        if (!number.isInteger()) {
            return Refusals.notAnInteger(index, JsonToken.VALUE_NUMBER_FLOAT, number.shown());
        }
        return number.isShortInteger() ? add(number.toLong(), index, to) : Refusals.outOfRange(index, number.shown());
    }

    private static String string(JsonParser json, long index) {
        try {
            return json.getString();
        } catch (StreamConstraintsException e) {
            throw Refusals.stringTooLong(index, MAX_TOKEN_LENGTH, e);
        }
    }

    private static String place(JacksonException e, PlainIntegerScanner plain) {
        return e.getLocation() == null
                ? ""
                : " (byte " + (plain.bytesTaken() + e.getLocation().getByteOffset()) + ")";
    }

    private ProblemException tooManyBytes() {
        return Refusals.tooManyBytes(maxLength, maxBytes);
    }
}
