package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A child whose parent has been killed has another, and ends all the same. */
class OrphanTest extends HttpTest {
    @Test
    void childWhoseParentIsKilledIsAdoptedAndEnds() {
        List<StreamEvent> events = client.stream("?explain=true&fault=orphan&ipc=none", "[1, 2, 3, 4]");

        assertThat(events.stream().map(StreamEvent::name))
                .containsExactly("received", "taken", "mapped", "progress", "orphaned", "problem", "unmapped",
                        "deleted",
                        "end");
        StreamEvent taken = StreamEvent.one(events, "taken");
        StreamEvent orphaned = StreamEvent.one(events, "orphaned");
        long self = ProcessHandle.current().pid();
        assertThat(orphaned.get("pid")).isEqualTo(taken.get("pid"))
                .isEqualTo(StreamEvent.one(events, "mapped").get("pid"));
        assertThat(taken.get("ppid").longValue()).isNotEqualTo(self);
        assertThat(orphaned.get("ppid")).isNotEqualTo(taken.get("ppid"));
        assertThat(orphaned.get("adoptedBy").stringValue()).isNotEmpty();
        assertThat(ProcessHandle.of(taken.get("ppid").longValue())).isEmpty();
        JsonNode problem = StreamEvent.one(events, "problem").get("problem");
        assertThat(problem.get("status").intValue()).isEqualTo(502);
        assertThat(problem.get("pid")).isEqualTo(taken.get("pid"));
        Leftovers.eventually().until(() -> ended(taken.get("pid").longValue()));
        client.square("", "[1]").requireOk();
    }

    /** Its new parent may take its time to reap it, or may be none that does. */
    private static boolean ended(long pid) {
        return ProcessHandle.of(pid).flatMap(child -> child.info().command()).isEmpty();
    }

    @Test
    void orphanThatIsHeldCanBeLookedAtAndEndsWithItsClient() throws IOException {
        long pid;
        try (RawSocket socket = new RawSocket(port)) {
            String stream = socket.askForStream("?explain=true&fault=orphan&hold=20", "[2]")
                    .readUntil("event: orphaned\n") + socket.readUntil("\n\n");
            Matcher orphaned = Pattern.compile("\"pid\":(\\d+),\"ppid\":(\\d+),\"adoptedBy\"").matcher(stream);
            assertThat(orphaned.find()).as(stream).isTrue();
            pid = Long.parseLong(orphaned.group(1));
            assertThat(ProcessHandle.of(pid).flatMap(ProcessHandle::parent).map(ProcessHandle::pid))
                    .contains(Long.parseLong(orphaned.group(2)));
            client.squareUnchecked("?explain=true&fault=orphan", "[1]").requireProblem(503, "no-worker-available");
        }
        Leftovers.eventually().until(() -> ended(pid));
        Leftovers.eventually()
                .until(() -> client.reply(client.post("?explain=true&fault=orphan", "[1]")).status() == 502);
    }
}
