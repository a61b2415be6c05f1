package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StderrTailTest {
    private static String tailOf(String stderr) throws InterruptedException {
        return new StderrTail(new ByteArrayInputStream(stderr.getBytes(StandardCharsets.UTF_8)), "test-stderr").text();
    }

    @Test
    void fewWordsAreKeptWhole() throws InterruptedException {
        assertThat(tailOf("naïve\nlast words\n")).isEqualTo("naïve\nlast words");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \n\t\n"})
    void silenceIsNamed(String stderr) throws InterruptedException {
        assertThat(tailOf(stderr)).isEqualTo("(empty)");
    }

    @ParameterizedTest
    @ValueSource(ints = {4095, 4096, 4097, 8192, 1_000_000})
    void lastOfManyWordsIsKept(int length) throws InterruptedException {
        String stderr = "0123456789".repeat(length / 10 + 1).substring(0, length);
        assertThat(tailOf(stderr)).isEqualTo(stderr.substring(Math.max(0, length - 4096)));
    }
}
