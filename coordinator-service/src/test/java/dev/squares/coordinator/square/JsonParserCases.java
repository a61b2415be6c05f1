package dev.squares.coordinator.square;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The published test cases of JSON parsers: {@code y_} must be accepted, {@code n_} refused, {@code i_} may be either. */
public final class JsonParserCases {
    /** The accepted ones that are lists of integers whose squares fit: found by looking at each. */
    public static final Set<String> LISTS_OF_INTEGERS = Set.of(
            "y_array_empty",
            "y_array_with_1_and_newline",
            "y_array_with_leading_space",
            "y_array_with_trailing_space",
            "y_number_0e+1",
            "y_number_0e1",
            "y_number_after_space",
            "y_number_int_with_exp",
            "y_number_minus_zero",
            "y_number_negative_int",
            "y_number_negative_one",
            "y_number_negative_zero",
            "y_number_real_capital_e_pos_exp",
            "y_number_real_pos_exponent",
            "y_number_simple_int",
            "y_structure_whitespace_array");

    private JsonParserCases() {}

    /** Their bytes by their names. */
    public static Map<String, byte[]> all() {
        try (InputStream file = JsonParserCases.class.getResourceAsStream("/json-test-suite/cases.txt")) {
            Map<String, byte[]> cases = new LinkedHashMap<>();
            new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .forEach(line -> cases.merge(line[0], bytes(line[1]), (one, other) -> {
                        throw new IllegalStateException("twice: " + line[0]);
                    }));
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the notation that the head of the file explains. */
    private static byte[] bytes(String written) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String part : written.split("\t")) {
            int star = part.indexOf('*');
            int times = star < 0 ? 1 : Integer.parseInt(part.substring(0, star));
            byte[] once = unescaped(part.substring(star + 1));
            for (int i = 0; i < times; i++) {
                bytes.writeBytes(once);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}
