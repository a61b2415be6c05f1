package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** All requests in flight share what squares.shared-memory-limit says, however much more there is. */
@TestPropertySource(properties = {"squares.shared-memory-limit=1MB", "squares.worker.queue-timeout=2s"})
class SharedMemoryLimitTest extends HttpTest {
    private static final long LIMIT = 1 << 20;
    private static final int HEADER_BYTES = 64;

    @AfterEach
    void givesAllOfItBack() {
        Leftovers.awaitNone(properties.sharedDirectory());
        // Nearly as much as there may be.
        client.square("?process=pooled&view=summary", list(60_000)).requireOk();
    }

    @Test
    void refusesOneListThatNeedsMore() {
        JsonNode problem = client.squareUnchecked("", list(100_000)).requireProblem(507, "shared-memory-full");

        assertThat(problem.get("needed").longValue()).isEqualTo(HEADER_BYTES + 16 * 100_000);
        assertThat(problem.get("available").longValue()).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void refusesAListWhoseReportNeedsMore() {
        client.squareUnchecked("?process=pooled", Collections.nCopies(50_000, 3_037_000_499L).toString())
                .requireProblem(507, "shared-memory-full");
    }

    @Test
    void servesSmallListsBesideALargeOneAndLargeOnesAgainWhenItIsGone() throws IOException {
        byte[] most = list(120_000).getBytes(StandardCharsets.US_ASCII);
        try (RawSocket large = new RawSocket(port)) {
            large.send("POST /square HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                    + (most.length + 1) + "\r\n\r\n");
            // All but the closing bracket: its inputs are there, and it could go on.
            large.send(new String(most, StandardCharsets.US_ASCII).replace("]", ","));
            Leftovers.eventually().until(() -> inFlight() > LIMIT * 3 / 4);

            client.square("?process=pooled", "[1,2]").requireOk();
            assertThat(client.square("?process=pooled&view=summary", list(60_000))
                    .requireAnyProblem()
                    .get("status")
                    .intValue())
                    .isIn(503, 507);
        }
    }

    @Test
    void showsInHealth() {
        JsonNode memory = client.reply(client.request("/actuator/health"))
                .json()
                .get("components")
                .get("sharedMemory")
                .get("details");

        assertThat(memory.get("limitBytes").longValue()).isEqualTo(LIMIT);
        assertThat(memory.get("inFlightBytes").longValue()).isZero();
        assertThat(memory.get("freeBytes").longValue()).isPositive();
    }

    private long inFlight() {
        return client.reply(client.request("/actuator/health"))
                .json()
                .get("components")
                .get("sharedMemory")
                .get("details")
                .get("inFlightBytes")
                .longValue();
    }

    private static String list(int count) {
        return Collections.nCopies(count, 1).toString();
    }
}
