package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportStreamTest {
    private static final long LIMIT = 10;

    /** A child's standard output, which arrives in these pieces. */
    private static InputStream arriving(String... pieces) {
        return new SequenceInputStream(Collections.enumeration(
                Stream.of(pieces)
                        .map(piece -> new ByteArrayInputStream(piece.getBytes(StandardCharsets.UTF_8)))
                        .toList()));
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"report|\n", "report\n", "r|e|p|o|r|t|\n", "rep|ort\n", "report\n|"})
    void streamEndsWhereTheLineDoesHoweverItArrives(String output) throws IOException {
        ReportStream report = new ReportStream(arriving(output.split("\\|")), LIMIT);
        assertThat(text(report)).isEqualTo("report");
        assertThat(report.read()).isEqualTo(-1);
        assertThat(report.isSound()).isTrue();
        assertThat(report.endedEarly()).isFalse();
    }

    @Test
    void bytesCanBeReadOneByOne() throws IOException {
        ReportStream report = new ReportStream(arriving("\u00e9\n"), LIMIT);
        assertThat(report.read()).isEqualTo(0xC3);
        assertThat(report.read()).isEqualTo(0xA9);
        assertThat(report.read()).isEqualTo(-1);
    }

    @Test
    void emptyLineIsAnEmptyStream() throws IOException {
        ReportStream report = new ReportStream(arriving("\n"), LIMIT);
        assertThat(text(report)).isEmpty();
        assertThat(report.isSound()).isTrue();
    }

    @Test
    void whatComesAfterTheLineIsLeftForTheNextJob() throws IOException {
        InputStream stdout = arriving("one\n", "two\n");
        assertThat(text(new ReportStream(stdout, LIMIT))).isEqualTo("one");
        assertThat(text(new ReportStream(stdout, LIMIT))).isEqualTo("two");
    }

    @Test
    void lineAsLongAsAllowedPasses() throws IOException {
        assertThat(text(new ReportStream(arriving("12345", "67890\n"), LIMIT))).isEqualTo("1234567890");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345678901\n", "12345|67890|1", "1234567890|1\n"})
    void longerLineIsGarbled(String output) {
        ReportStream report = new ReportStream(arriving(output.split("\\|")), LIMIT);
        assertThatIOException().isThrownBy(report::readAllBytes).withMessage("the report is longer than 10 bytes");
        assertThat(report.isSound()).isFalse();
        assertThat(report.endedEarly()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"one\ntwo\n", "one\nt", "\n\n"})
    void whatFollowsTheLineAtOnceIsGarbled(String output) {
        ReportStream report = new ReportStream(arriving(output), LIMIT);
        assertThatIOException().isThrownBy(report::readAllBytes).withMessage("something follows the report");
        assertThat(report.isSound()).isFalse();
        assertThat(report.endedEarly()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "half"})
    void endBeforeTheLinesEndIsSaid(String output) {
        ReportStream report = new ReportStream(arriving(output), LIMIT);
        assertThatIOException().isThrownBy(report::readAllBytes)
                .withMessage("standard output ended after " + output.length() + " bytes of a report");
        assertThat(report.isSound()).isFalse();
        assertThat(report.endedEarly()).isTrue();
    }

    @Test
    void wordBeforeTheJobIsGarbled() throws Exception {
        new ReportStream(InputStream.nullInputStream(), LIMIT).requireSilence();
        ReportStream early = new ReportStream(arriving("early\n"), LIMIT);
        assertThatExceptionOfType(InvalidReportException.class).isThrownBy(early::requireSilence)
                .withMessage("something was written before the job was given");
    }
}
