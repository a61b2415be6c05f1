package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** The lab never takes all workers. */
@TestPropertySource(properties = "squares.worker.max-processes=3")
class LabPlacesTest extends HttpTest {
    @Test
    void ordinaryRequestIsAnsweredWhileAllPlacesOfTheLabAreTaken() throws IOException {
        try (RawSocket one = new RawSocket(port); RawSocket other = new RawSocket(port)) {
            for (RawSocket held : new RawSocket[]{one, other}) {
                held.askForStream("?explain=true&hold=20", "[2]")
                        .readUntil("event: published");
            }

            Reply refused = client.square("?explain=true", "[1]");
            refused.requireProblem(503, "no-worker-available");
            assertThat(refused.header("Retry-After")).isNotEmpty();
            client.square("", "[1]").requireOk();
        }
        Leftovers.eventually().until(() -> client.reply(client.post("?explain=true", "[1]")).status() == 200);
    }
}
