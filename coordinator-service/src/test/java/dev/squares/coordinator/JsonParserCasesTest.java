package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The published test cases of JSON parsers: what they must refuse is refused, what they must accept is at least understood. */
class JsonParserCasesTest extends HttpTest {
    /** The accepted ones that are lists of integers whose squares fit: found by looking at each. */
    private static final Set<String> LISTS_OF_INTEGERS = Set.of(
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

    static Stream<Arguments> cases() throws IOException {
        try (InputStream file = JsonParserCasesTest.class.getResourceAsStream("/json-test-suite/cases.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .map(line -> Arguments.of(line[0], line[1]));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void understandsOrRefuses(String name, String written) {
        Reply reply = client.answerOf(client.post("?process=pooled&view=summary", bytes(written)));

        switch (name.substring(0, 2)) {
            case "y_" -> assertThat(reply.status()).isEqualTo(LISTS_OF_INTEGERS.contains(name) ? 200 : 422);
            case "n_" -> reply.requireProblem(400, "malformed-json");
            default -> assertThat(reply.status()).isIn(200, 400, 422);
        }
        if (reply.status() != 200) {
            reply.requireAnyProblem();
        }
    }

    @Test
    void areAllThere() throws IOException {
        assertThat(cases()).hasSize(318);
        assertThat(cases().map(aCase -> aCase.get()[0])).doesNotHaveDuplicates().containsAll(LISTS_OF_INTEGERS);
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
