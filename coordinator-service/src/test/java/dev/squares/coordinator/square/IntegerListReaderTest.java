package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.Quota;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class IntegerListReaderTest {
    private static final Map<String, byte[]> CASES = JsonParserCases.all();
    private static final Set<ProblemType> REFUSED_ELEMENTS = Set.of(
            ProblemType.NOT_AN_INTEGER_LIST, ProblemType.SQUARE_OUT_OF_RANGE);

    private static final IntegerListReader READER = new IntegerListReader(SquaresSettings.with());

    @TempDir
    private Path directory;

    static Stream<Arguments> cases() {
        return CASES.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void understandsOrRefusesThePublishedCases(String name, byte[] body) throws IOException {
        ProblemType refused = refused(body);

        switch (name.substring(0, 2)) {
            case "y_" -> {
                if (JsonParserCases.LISTS_OF_INTEGERS.contains(name)) {
                    assertThat(refused).isNull();
                } else {
                    assertThat(refused).isIn(REFUSED_ELEMENTS);
                }
            }
            case "n_" -> assertThat(refused).isEqualTo(ProblemType.MALFORMED_JSON);
            default -> assertThat(refused == null || refused == ProblemType.MALFORMED_JSON
                    || REFUSED_ELEMENTS.contains(refused)).as("%s", refused).isTrue();
        }
    }

    @Test
    void thePublishedCasesAreAllThere() {
        assertThat(CASES).hasSize(318).containsKeys(JsonParserCases.LISTS_OF_INTEGERS.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void anythingButUtf8IsMalformed(String charset) throws IOException {
        for (String body : List.of("[1, 2]", "[]", "[1,2,3,4,5,6,7,8]", "1", "[\"\u00e4\"]", " [1]")) {
            assertThat(refused(body.getBytes(Charset.forName(charset)))).as(body).isEqualTo(ProblemType.MALFORMED_JSON);
            byte[] marked = ("\ufeff" + body).getBytes(Charset.forName(charset));
            assertThat(refused(marked)).as(body).isEqualTo(ProblemType.MALFORMED_JSON);
        }
    }

    @Test
    void utf8MayBeginWithAByteOrderMark() throws IOException {
        assertThat(elements("\ufeff[1, 2]")).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "[1.0,-0.0,0e99999999999]    | 1,0,0",
            "[1e2,1E+2,100e-2,-12.50e1]  | 100,100,1,-125",
            "[3037000499.000,3.037000499e9,0.3037000499e10] | 3037000499,3037000499,3037000499"
    })
    void integersWithAFractionOrAnExponentAreTaken(String list, String expected) throws IOException {
        assertThat(elements(list)).containsExactlyElementsOf(
                Stream.of(expected.split(",")).map(Long::valueOf).toList());
    }

    private ProblemType refused(byte[] body) throws IOException {
        try (MappedFileWriter to = new MappedFileWriter(directory.resolve("file"), Quota.of(directory))) {
            ProblemException problem = catchThrowableOfType(ProblemException.class,
                    () -> READER.read(new ByteArrayInputStream(body), body.length, to));
            return problem == null ? null : problem.type();
        }
    }

    private List<Long> elements(String list) throws IOException {
        Path file = directory.resolve("file");
        byte[] body = list.getBytes(StandardCharsets.UTF_8);
        try (MappedFileWriter to = new MappedFileWriter(file, Quota.of(directory))) {
            READER.read(new ByteArrayInputStream(body), body.length, to);
            to.complete();
        }
        List<Long> elements = new ArrayList<>();
        try (ChildMapping memory = ChildMapping.open(file, Job.Mapping.PRIVATE)) {
            for (long i = 0; i < memory.count(); i++) {
                elements.add(memory.input(i));
            }
        }
        Files.delete(file);
        return elements;
    }
}
