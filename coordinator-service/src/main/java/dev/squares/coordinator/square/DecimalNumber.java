package dev.squares.coordinator.square;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A JSON number with a fraction or an exponent, taken apart without ever writing its zeros out: {@code 1e999999999} is short.
 */
final class DecimalNumber {
    /** More than any number has that is accepted, and few enough for a long. */
    private static final BigInteger MAX_DIGITS = BigInteger.valueOf(18);

    private final String text;
    private final BigDecimal mantissa;
    private final BigInteger exponent;

    DecimalNumber(String text) {
        this.text = text;
        int exponentAt = Math.max(text.indexOf('e'), text.indexOf('E'));
        mantissa = new BigDecimal(exponentAt < 0 ? text : text.substring(0, exponentAt)).stripTrailingZeros();
        exponent = exponentAt < 0 || mantissa.signum() == 0
                ? BigInteger.ZERO
                : new BigInteger(text.substring(exponentAt + 1));
    }

    /** Whether it is one in JSON Schema's sense: no digit but zeros is left behind the point. */
    boolean isInteger() {
        return fractionDigits().signum() <= 0;
    }

    /** Whether it is an integer of so few digits that it surely is a long. */
    boolean isShortInteger() {
        BigInteger digits = BigInteger.valueOf(mantissa.precision()).subtract(fractionDigits());
        return isInteger() && digits.compareTo(MAX_DIGITS) <= 0;
    }

    /** A short integer. */
    long toLong() {
        return mantissa.scaleByPowerOfTen(exponent.intValueExact()).longValueExact();
    }

    /** As a number to show, unless it has an exponent that no library takes; as its text then. */
    Object shown() {
        return exponent.bitLength() < Integer.SIZE - 1 ? new BigDecimal(text) : text;
    }

    /** How many digits are behind the point; negative, if there are zeros before it that are not in the mantissa. */
    private BigInteger fractionDigits() {
        return BigInteger.valueOf(mantissa.scale()).subtract(exponent);
    }
}
