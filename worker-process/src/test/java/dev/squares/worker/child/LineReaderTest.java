package dev.squares.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void linesComeInOrderHoweverTheyArrive(int bytesAtATime) throws IOException {
        LineReader lines = reader("first\n\nsecond ü\n" + "x".repeat(5000) + "\nhalf", bytesAtATime);
        assertThat(lines.next()).isEqualTo("first");
        assertThat(lines.next()).isEmpty();
        assertThat(lines.next()).isEqualTo("second ü");
        assertThat(lines.next()).isEqualTo("x".repeat(5000));
        assertThat(lines.next()).isNull();
    }

    @Test
    void onlyAWholeLineIsNext() throws IOException {
        LineReader lines = reader("one\ntwo\nthree", 1000);
        assertThat(lines.hasNext()).as("nothing has been read").isFalse();
        lines.next();
        assertThat(lines.hasNext()).isTrue();
        lines.next();
        assertThat(lines.hasNext()).as("half a line").isFalse();
    }

    private static LineReader reader(String text, int bytesAtATime) {
        InputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return new LineReader(new InputStream() {
            @Override
            public int read() throws IOException {
                return bytes.read();
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                return bytes.read(to, offset, Math.min(length, bytesAtATime));
            }
        });
    }
}
