package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.testing.SharedMemoryDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** All requests in flight share what squares.shared-memory-limit says, however much more there is. */
@TestPropertySource(properties = {"squares.shared-memory-limit=1MB", "squares.worker.queue-timeout=60s"})
class SharedMemoryLimitTest extends HttpTest {
    private static final long LIMIT = 1 << 20;
    private static final int HEADER_BYTES = 64;

    @Autowired
    private MeterRegistry meters;

    @AfterEach
    void givesAllOfItBack() {
        Leftovers.awaitNone(properties.sharedDirectory());
        // Nearly as much as there may be.
        client.square("?process=pooled&view=summary", list(60_000)).requireOk();
    }

    @Test
    void refusesOneListThatNeedsMore() {
        JsonNode problem = client.squareUnchecked("?view=summary", list(100_000))
                .requireProblem(507, "shared-memory-full");

        assertThat(problem.get("needed").longValue()).isEqualTo(HEADER_BYTES + 16 * 100_000);
        assertTellsTheTruth(problem);
    }

    @Test
    void refusesAListWhoseReportNeedsMoreBeforeAWorkerIsTaken() {
        long jobs = jobs();

        JsonNode problem = client
                .squareUnchecked("?process=pooled", Collections.nCopies(50_000, 3_037_000_499L).toString())
                .requireProblem(507, "shared-memory-full");

        assertThat(problem.get("needed").longValue()).isEqualTo(HEADER_BYTES + 16 * 50_000 + 256 + 20 * 50_000);
        assertTellsTheTruth(problem);
        assertThat(jobs()).as("jobs").isEqualTo(jobs);
    }

    @Test
    void servesSmallListsBesideALargeOneAndLargeOnesAgainWhenItIsGone() throws IOException {
        try (RawSocket large = new RawSocket(port)) {
            String most = list(120_000);
            large.send(head(most.length() + 1));
            // All but the closing bracket: its inputs are there, and it could go on.
            large.send(most.replace("]", ","));
            Leftovers.eventually().until(() -> inFlight() > LIMIT * 3 / 4);

            client.square("?process=pooled", "[1,2]").requireOk();
            JsonNode problem = client.square("?process=pooled&view=summary", list(60_000))
                    .requireProblem(507, "shared-memory-full");
            assertTellsTheTruth(problem);
        }
    }

    @Test
    void ofTwoListsThatEachFitTheOlderIsServedAndTheYoungerRefused() throws IOException {
        String list = list(60_000);
        String all = list.replace(" ", "");
        String half = all.substring(0, 100_000);
        try (RawSocket older = new RawSocket(port); RawSocket younger = new RawSocket(port)) {
            older.send(head(all.length())).send(half);
            awaitInFlight(390_000);
            younger.send(head(all.length())).send(half);
            awaitInFlight(780_000);

            // 960 kB each, and they have 800 kB together.
            older.send(all.substring(half.length()));
            awaitInFlight(850_000);
            younger.send(all.substring(half.length()));

            assertTellsTheTruth(younger.readReply().requireProblem(507, "shared-memory-full"));
            assertThat(older.readReply().requireOk().child().count()).isEqualTo(60_000);
        }
    }

    private void assertTellsTheTruth(JsonNode problem) {
        long needed = problem.get("needed").longValue();
        long available = problem.get("available").longValue();
        assertThat(available).isBetween(0L, LIMIT).isLessThan(needed);
        assertThat(problem.get("detail").stringValue()).contains(String.valueOf(needed), String.valueOf(available));
        assertThat(problem.get("action").stringValue()).contains("squares.shared-memory-limit", "--shm-size");
    }

    /** How many have been given to workers, or would have been. */
    private long jobs() {
        return meters.find("squares.job").timers().stream().mapToLong(Timer::count).sum();
    }

    @Test
    void showsInHealth() throws IOException {
        JsonNode memory = client.reply(client.request("/actuator/health"))
                .json()
                .get("components")
                .get("sharedMemory")
                .get("details");

        assertThat(memory.get("limitBytes").longValue()).isEqualTo(LIMIT);
        assertThat(memory.get("inFlightBytes").longValue()).isZero();
        assertThat(memory.get("freeBytes").longValue()).isPositive();
        boolean inMemory = Files.getFileStore(SharedMemoryDirectory.parent()).type().equals("tmpfs");
        assertThat(memory.get("storage").stringValue()).isEqualTo(inMemory ? "memory" : "disk");
    }

    private void awaitInFlight(long bytes) {
        Leftovers.eventually().until(() -> inFlight() >= bytes);
    }

    private static String head(int length) {
        return "POST /square?view=summary HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + length + "\r\n\r\n";
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
