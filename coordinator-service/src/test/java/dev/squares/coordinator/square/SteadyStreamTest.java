package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.coyote.CloseNowException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.util.unit.DataSize;

@Execution(ExecutionMode.CONCURRENT)
class SteadyStreamTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final ByteArrayOutputStream client = new ByteArrayOutputStream();
    private final SteadyStream stream = new SteadyStream(
            client, DataSize.ofKilobytes(1), Duration.ofSeconds(20), clock::get);

    @Test
    void passesOnWhatIsTakenAtTheLeastRate() throws IOException {
        pass(Duration.ofSeconds(20));
        for (int second = 0; second < 100; second++) {
            pass(Duration.ofSeconds(1));
            stream.write(new byte[1024]);
        }
        assertThat(client.size()).isEqualTo(100 * 1024);
    }

    @Test
    void cutsWhoIsBehindAndWritesNoMore() throws IOException {
        pass(Duration.ofSeconds(21));
        stream.write(new byte[1024]);
        pass(Duration.ofSeconds(1).plusNanos(1));

        assertThatThrownBy(() -> stream.write(new byte[1023])).isInstanceOf(CloseNowException.class);
        assertThatThrownBy(() -> stream.write('}')).isInstanceOf(CloseNowException.class);

        assertThat(client.size()).isEqualTo(2047);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
