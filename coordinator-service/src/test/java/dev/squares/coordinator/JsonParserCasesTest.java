package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.coordinator.square.JsonParserCases;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A few of the published test cases of JSON parsers, one of each kind, the whole way. The reader's own test runs them all. */
class JsonParserCasesTest extends HttpTest {
    @ParameterizedTest
    @CsvSource({
            "y_array_empty,                       200",
            "y_array_with_leading_space,          200",
            "y_number_real_pos_exponent,          200",
            "y_structure_whitespace_array,        200",
            "y_string_unicode_2,                  422",
            "y_structure_lonely_null,             422",
            "y_object_duplicated_key,             422",
            "i_number_huge_exp,                   422",
            "i_string_UTF-16LE_with_BOM,          400",
            "i_structure_UTF-8_BOM_empty_object,  422",
            "n_array_1_true_without_comma,        400",
            "n_structure_100000_opening_arrays,   400",
            "n_structure_no_data,                 400",
            "n_multidigit_number_then_00,         400"
    })
    void understandsOrRefuses(String name, int status) {
        Reply reply = client.answerOf(client.post("?process=pooled&view=summary", JsonParserCases.all().get(name)));

        assertThat(reply.status()).isEqualTo(status);
        if (status == 400) {
            reply.requireProblem(400, "malformed-json");
        } else if (status != 200) {
            reply.requireAnyProblem();
        }
    }
}
