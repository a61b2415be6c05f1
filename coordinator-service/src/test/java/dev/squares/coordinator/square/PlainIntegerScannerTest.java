package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.ChildMapping;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.Quota;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is taken, and what a parser makes of the rest, is what it makes of the whole. */
@Execution(ExecutionMode.CONCURRENT)
class PlainIntegerScannerTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String[] USUAL = {"0", "-1", "7", "42", "3037000499", "-3037000499", "-0"};

    private static final String[] UNUSUAL = {"", "-", "01", "-01", "1.0", "1e2", "+1", "3037000500", "12345678901",
            "99999999999999999999999999", "null", "\"1\"", "[]", "[1,2]", "{}", "]", "[", "1 2", "1,", ",", "\u00e4",
            "\0"};

    private static final String[] SPACES = {"", "", "", " ", "\n", "\r\n", "\t"};

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8192})
    void makesNoDifference(int atOnce) throws IOException {
        Random random = new Random(atOnce);
        for (int round = 0; round < 500; round++) {
            StringBuilder list = new StringBuilder("[");
            for (int length = random.nextInt(8); length > 0; length--) {
                String[] elements = random.nextInt(8) == 0 ? UNUSUAL : USUAL;
                list.append(any(SPACES, random)).append(any(elements, random)).append(any(SPACES, random)).append(',');
            }
            if (random.nextInt(4) > 0) {
                list.append(any(USUAL, random)).append(any(SPACES, random)).append(']');
            }
            assertMakesNoDifference(list.toString(), 1000, atOnce);
        }
    }

    @Test
    void listLongerThanABlockIsTakenButForItsEnd() throws IOException {
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < 10_000; i++) {
            list.append(i % 3 == 0 ? "-" : "").append(i * 7).append(i % 5 == 0 ? " \n, " : ",");
        }
        assertThat(assertMakesNoDifference(list + "1]", 20_000, 8192)).isEqualTo(9_999);
        assertThat(assertMakesNoDifference(list + "x]", 20_000, 1000)).isEqualTo(9_999);
        assertThat(assertMakesNoDifference(list + " ".repeat(20_000) + "1]", 20_000, 8192)).isEqualTo(9_999);
        assertThat(assertMakesNoDifference(list + "1]", 500, 8192)).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8192})
    void byteOrderMarkIsSkippedHoweverItComes(int atOnce) throws IOException {
        assertRest("\ufeff[1,2,3]", atOnce, "[2,3]", 5);
        assertRest("\ufeff{}", atOnce, "{}", 3);
        assertRest("\ufeff", atOnce, "", 3);
        assertRest("\ufeff\ufeff[1]", atOnce, "\ufeff[1]", 3);
        assertRest("\uff00[1,2,3]", atOnce, "\uff00[1,2,3]", 0);
        assertRest("", atOnce, "", 0);
    }

    private void assertRest(String list, int atOnce, String expected, int bytesTaken) throws IOException {
        PlainIntegerScanner plain = new PlainIntegerScanner(body(list, atOnce));
        try (MappedFileWriter to = new MappedFileWriter(directory.resolve("file"), Quota.of(directory))) {
            String rest = new String(plain.take(to, 1000).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).isEqualTo(expected);
            assertThat(plain.bytesTaken()).isEqualTo(bytesTaken);
        }
    }

    private static InputStream body(String list, int atOnce) {
        return new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(length, atOnce));
            }
        };
    }

    private long assertMakesNoDifference(String list, long most, int atOnce) throws IOException {
        Path file = directory.resolve("file");
        PlainIntegerScanner plain = new PlainIntegerScanner(body(list, atOnce));
        String rest;
        List<String> elements = new ArrayList<>();
        try (MappedFileWriter to = new MappedFileWriter(file, Quota.of(directory))) {
            rest = new String(plain.take(to, most).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(to.count()).isEqualTo(plain.taken());
            to.complete();
        }
        try (ChildMapping memory = ChildMapping.open(file, Job.Mapping.PRIVATE)) {
            for (int i = 0; i < memory.count(); i++) {
                elements.add(Long.toString(memory.input(i)));
            }
        }
        Files.delete(file);
        assertThat(plain.bytesTaken()).isEqualTo(
                list.getBytes(StandardCharsets.UTF_8).length - rest.getBytes(StandardCharsets.UTF_8).length);
        JsonNode restParsed = parsed(rest);
        JsonNode whole = parsed(list);
        assertThat(restParsed == null).as(list).isEqualTo(whole == null);
        if (restParsed != null && whole != null) {
            restParsed.forEach(element -> elements.add(element.toString()));
            List<String> all = new ArrayList<>();
            whole.forEach(element -> all.add(element.toString()));
            assertThat(elements).as(list).isEqualTo(all);
        }
        return plain.taken();
    }

    private static String any(String[] strings, Random random) {
        return strings[random.nextInt(strings.length)];
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            return null;
        }
    }
}
