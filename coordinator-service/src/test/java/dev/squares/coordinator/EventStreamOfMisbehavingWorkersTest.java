package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.child.Misbehaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Whatever a worker does, the stream says so, and ends. No deadline comes to help a client that has gone. */
@Import(MisbehavingWorkers.class)
@TestPropertySource(properties = {
        "squares.worker.max-processes=1",
        "squares.worker.standby=1",
        // The same as in VanishedClientsTest: both ask one coordinator.
        "squares.worker.jobs-at-once=1",
        "squares.worker.timeout=1h",
        "squares.worker.queue-timeout=1h"
})
class EventStreamOfMisbehavingWorkersTest extends HttpTest {
    @AfterEach
    void servesTheNextRequest() throws IOException {
        assertThat(client.square("", "[5]").requireOk().parent().squares()).containsExactly(25);
        Files.deleteIfExists(awaited());
    }

    @ParameterizedTest
    @CsvSource({
            "CRASH_BEFORE_MAPPING, 41, 0",
            "CRASH_HALFWAY,        42, 2",
            "HALF_A_LINE,          0,  2"
    })
    void problemIsAnEventWithTheStatusThatItWouldHaveBeen(Misbehaviour misbehaviour, int exitCode, int written) {
        List<StreamEvent> events = client.stream("", misbehaviour.list())
                .stream()
                .filter(event -> !event.name().equals("progress"))
                .toList();

        assertThat(events).extracting(StreamEvent::name)
                .containsExactly("received", "taken", "problem", "unmapped", "deleted", "end");
        JsonNode problem = events.get(2).get("problem");
        assertThat(problem.get("status").intValue()).isEqualTo(502);
        assertThat(problem.get("type").stringValue()).isEqualTo("urn:squares:problem:worker-crashed");
        assertThat(problem.get("instance").stringValue()).isEqualTo("/square");
        assertThat(problem.get("action").stringValue()).isNotBlank();
        assertThat(problem.get("pid").longValue()).isEqualTo(events.get(1).get("pid").longValue());
        assertThat(problem.get("exitCode").intValue()).isEqualTo(exitCode);
        assertThat(problem.get("written").intValue()).isEqualTo(written);
        assertThat(events.getLast().get("outcome").stringValue()).isEqualTo("problem");
    }

    @Test
    void problemHasTheMembersOfAPlainOne() {
        List<String> plain = List.copyOf(client.square("", Misbehaviour.CRASH_HALFWAY.list())
                .requireProblem(502, "worker-crashed")
                .propertyNames());

        List<StreamEvent> events = client.stream("", Misbehaviour.CRASH_HALFWAY.list());

        StreamEvent problem = events.stream().filter(event -> event.name().equals("problem")).findFirst().orElseThrow();
        assertThat(problem.get("problem").propertyNames()).containsExactlyElementsOf(plain);
    }

    @Test
    void showsProgressWhileTheChildWorksAndStaysInTouch() throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            socket.askForStream("", Misbehaviour.WAIT_FOR_THE_TEST.list());

            String progress = socket.readUntil("event: progress");
            assertThat(progress).contains("event: received", "event: taken").doesNotContain("event: reported");
            socket.readUntil("\n:\n\n");
            Files.createFile(awaited());

            assertThat(socket.readUntil("event: end")).contains("event: reported", "event: result");
        }
    }

    @Test
    void tellsWhoWaitsForAWorkerThatItIsThere() throws IOException {
        try (RawSocket first = new RawSocket(port); RawSocket second = new RawSocket(port)) {
            first.askForStream("", Misbehaviour.WAIT_FOR_THE_TEST.list()).readUntil("event: taken");

            second.askForStream("", Misbehaviour.WAIT_FOR_THE_TEST.list()).readUntil("\n:\n\n");
            assertThat(pool.status().waiting()).isEqualTo(1);
            Files.createFile(awaited());

            first.readUntil("event: end");
            second.readUntil("event: end");
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void clientThatClosesTheStreamTakesTheChildWithIt(boolean reset) throws IOException {
        long pid;
        try (RawSocket socket = new RawSocket(port)) {
            String stream = socket.askForStream("", Misbehaviour.HANG.list()).readUntil("event: progress");
            pid = Long.parseLong(stream.replaceAll("(?s).*\"by\":\"parent\",\"pid\":(\\d+),\"ppid\".*", "$1"));
            assertThat(ProcessHandle.of(pid)).isPresent();
            if (reset) {
                socket.reset();
            }
        }
        Leftovers.eventually().until(() -> ProcessHandle.of(pid).isEmpty());
    }

    /** It reports in the place of its first step. */
    @Test
    void childThatExplainsNothingThoughItShouldIsAProblem() {
        List<StreamEvent> events = client.stream("?explain=true", Misbehaviour.LOUD_AND_RIGHT.list());

        assertThat(events).extracting(StreamEvent::name).endsWith("problem", "unmapped", "deleted", "end");
        client.square("?explain=true", Misbehaviour.CRASH_HALFWAY.list()).requireProblem(502, "worker-crashed");
    }

    private Path awaited() {
        return MisbehavingWorkers.awaitedFile(properties);
    }
}
