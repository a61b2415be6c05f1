package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.worker.service.problem.ProblemException;
import dev.squares.worker.service.problem.ProblemType;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.MappedFileWriter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a JSON array of integers, element by element, into a mapped file. An integer is what JSON Schema calls one: {@code 1.0}
 * and {@code 1e2} are. Nothing is coerced, and nothing but the token at hand is on the heap.
 *
 * <p>An element that is refused is named only when the whole body has turned out to be JSON: a body that is not JSON is a
 * malformed one, whatever else is wrong with it.
 */
@Component
final class IntegerListReader {
    /** No number that is accepted needs as many characters, none that is refused is shown in more. */
    private static final int MAX_TOKEN_LENGTH = 1000;

    /** More than any number has that is accepted, and few enough for a long. */
    private static final BigInteger MAX_DIGITS = BigInteger.valueOf(18);

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(MAX_TOKEN_LENGTH)
                    .maxStringLength(MAX_TOKEN_LENGTH)
                    .maxNameLength(MAX_TOKEN_LENGTH)
                    .build())
            .build();

    private final long maxLength;
    private final long maxBytes;
    private final long timeoutNanos;

    IntegerListReader(SquaresProperties properties) {
        maxLength = properties.maxLength();
        maxBytes = properties.maxBodyBytes();
        timeoutNanos = properties.receiveTimeout().toNanos();
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
        PlainElements plain = new PlainElements(new LimitedBody(body));
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), plain.take(to, maxLength))) {
            JsonToken first = json.nextToken();
            if (first == null) {
                throw malformed("The body is empty.", null);
            }
            ProblemException refusal;
            if (first == JsonToken.START_ARRAY) {
                refusal = readElements(json, plain.taken(), to);
            } else {
                refusal = new ProblemException(
                        ProblemType.NOT_AN_INTEGER_LIST, "The body is " + kind(first) + ", not an array of integers.");
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                throw malformed("Something follows the JSON value.", null);
            }
            if (refusal != null) {
                throw refusal;
            }
        } catch (IOException | JacksonIOException e) {
            throw brokenOff(e);
        } catch (UnexpectedEndOfInputException e) {
            throw malformed("The body ends before its JSON value does.", e);
        } catch (StreamConstraintsException e) {
            throw malformed("The body is nested too deep, or has a name that is too long" + place(e, plain) + ".", e);
        } catch (JacksonException e) {
            throw malformed("The body is not JSON" + place(e, plain) + ".", e);
        }
    }

    /** Adds elements from the one at {@code start} up to the first that is refused, and reads on to the end. Returns the refusal. */
    private @Nullable ProblemException readElements(JsonParser json, long start, MappedFileWriter to) {
        ProblemException refusal = null;
        long index = start;
        for (JsonToken token = nextElement(json, index); token != JsonToken.END_ARRAY; token = nextElement(json,
                index)) {
            if (index == maxLength) {
                throw new ProblemException(ProblemType.LIST_TOO_LONG,
                        "The list has more than " + maxLength + " elements.")
                        .with("maxLength", maxLength);
            }
            if (refusal == null) {
                refusal = add(json, token, index, to);
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
            String detail = "Element " + index + " is a number of more than " + MAX_TOKEN_LENGTH + " characters.";
            throw new ProblemException(ProblemType.SQUARE_OUT_OF_RANGE, detail, e).with("index", index);
        }
    }

    private static @Nullable ProblemException add(JsonParser json, JsonToken token, long index, MappedFileWriter to) {
        return switch (token) {
            case VALUE_NUMBER_INT -> json.getNumberType() == NumberType.BIG_INTEGER
                    ? outOfRange(index, json.getBigIntegerValue())
                    : add(json.getLongValue(), index, to);
            case VALUE_NUMBER_FLOAT -> addDecimal(json.getString(), index, to);
            case VALUE_STRING -> notAnInteger(index, token, string(json, index));
            case VALUE_TRUE -> notAnInteger(index, token, true);
            case VALUE_FALSE -> notAnInteger(index, token, false);
            case START_ARRAY -> notAnInteger(index, token, "[...]");
            case START_OBJECT -> notAnInteger(index, token, "{...}");
            default -> notAnInteger(index, token, null);
        };
    }

    private static @Nullable ProblemException add(long input, long index, MappedFileWriter to) {
        if (input > MappedFile.MAX_INPUT || input < -MappedFile.MAX_INPUT) {
            return outOfRange(index, input);
        }
        to.add(input);
        return null;
    }

    /** Takes a number with a fraction or an exponent apart without ever writing its zeros out: {@code 1e999999999} is short. */
    private static @Nullable ProblemException addDecimal(String text, long index, MappedFileWriter to) {
        int exponentAt = Math.max(text.indexOf('e'), text.indexOf('E'));
        BigDecimal mantissa = new BigDecimal(exponentAt < 0 ? text : text.substring(0, exponentAt))
                .stripTrailingZeros();
        if (mantissa.signum() == 0) {
            return add(0, index, to);
        }
        BigInteger exponent = exponentAt < 0 ? BigInteger.ZERO : new BigInteger(text.substring(exponentAt + 1));
        // The number is an integer if no digit but zeros is left behind the point.
        BigInteger fractionDigits = BigInteger.valueOf(mantissa.scale()).subtract(exponent);
        if (fractionDigits.signum() > 0) {
            return notAnInteger(index, JsonToken.VALUE_NUMBER_FLOAT, shown(text, exponent));
        }
        BigInteger digits = BigInteger.valueOf(mantissa.precision()).subtract(fractionDigits);
        if (digits.compareTo(MAX_DIGITS) > 0) {
            return outOfRange(index, shown(text, exponent));
        }
        return add(mantissa.scaleByPowerOfTen(exponent.intValueExact()).longValueExact(), index, to);
    }

    /** As a number, unless it has an exponent that no library takes. */
    private static Object shown(String decimal, BigInteger exponent) {
        return exponent.bitLength() < Integer.SIZE - 1 ? new BigDecimal(decimal) : decimal;
    }

    private static String string(JsonParser json, long index) {
        try {
            return json.getString();
        } catch (StreamConstraintsException e) {
            String detail = "Element " + index + " is a string of more than " + MAX_TOKEN_LENGTH + " characters.";
            throw new ProblemException(ProblemType.NOT_AN_INTEGER_LIST, detail, e).with("index", index);
        }
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

    private static ProblemException notAnInteger(long index, JsonToken token, @Nullable Object value) {
        String detail = "Element " + index + " is " + kind(token) + ", not an integer.";
        return new ProblemException(ProblemType.NOT_AN_INTEGER_LIST, detail)
                .with("index", index)
                .with("value", value);
    }

    private static ProblemException outOfRange(long index, Object value) {
        String detail = "The square of element " + index + " does not fit 64 bits: its magnitude is more than "
                + MappedFile.MAX_INPUT + ".";
        return new ProblemException(ProblemType.SQUARE_OUT_OF_RANGE, detail).with("index", index).with("value", value);
    }

    private static ProblemException malformed(String detail, @Nullable Throwable cause) {
        return new ProblemException(ProblemType.MALFORMED_JSON, detail, cause);
    }

    private static String place(JacksonException e, PlainElements plain) {
        return e.getLocation() == null
                ? ""
                : " (byte " + (plain.bytesTaken() + e.getLocation().getByteOffset()) + ")";
    }

    private ProblemException tooManyBytes() {
        String detail = "The body has more bytes than a list of " + maxLength + " elements takes: "
                + maxBytes + ".";
        return new ProblemException(ProblemType.LIST_TOO_LONG, detail).with("maxLength", maxLength);
    }

    private static ProblemException brokenOff(Exception e) {
        // Tomcat wraps its own.
        boolean timeout = Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                .anyMatch(SocketTimeoutException.class::isInstance);
        return timeout
                ? new ProblemException(ProblemType.REQUEST_TIMEOUT, "The rest of the body did not arrive in time.", e)
                : malformed("The body breaks off before its JSON value ends.", e);
    }

    /** A body that ends with an error when it becomes longer, or takes longer, than any list may. */
    private final class LimitedBody extends FilterInputStream {
        private final long start = System.nanoTime();
        private long left = maxBytes;

        LimitedBody(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            throw new UnsupportedOperationException("the parser reads blocks");
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int got = super.read(to, offset, length);
            left -= Math.max(got, 0);
            if (left < 0) {
                throw tooManyBytes();
            }
            if (System.nanoTime() - start > timeoutNanos) {
                throw new SocketTimeoutException("squares.receive-timeout has passed");
            }
            return got;
        }
    }
}
