package dev.squares.coordinator;

import dev.squares.worker.child.Misbehaviour;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** Nobody works for a client that has gone. No deadline comes to help: all of them are longer than the patience of these tests. */
@Import(MisbehavingWorkers.class)
@TestPropertySource(properties = {
        "squares.worker.max-processes=1",
        "squares.worker.standby=1",
        // A queue is wanted, and short jobs need not wait in it.
        "squares.worker.jobs-at-once=1",
        "squares.worker.timeout=1h",
        "squares.worker.queue-timeout=1h"
})
@ExtendWith(OutputCaptureExtension.class)
class VanishedClientsTest extends HttpTest {
    /** Long enough for the coordinator to have looked for the client more than once. */
    private static final Duration SEVERAL_LOOKS = Duration.ofMillis(400);

    private final List<RawSocket> sockets = new ArrayList<>();

    @AfterEach
    void clear(CapturedOutput output) throws IOException {
        for (RawSocket socket : sockets) {
            socket.close();
        }
        Leftovers.awaitNone(properties.sharedDirectory());
        Files.deleteIfExists(awaited());
        assertThat(output.getAll())
                .doesNotContain(" ERROR ", "cannot be reached")
                .doesNotContainPattern("Experiment +: A job ended without its report");
    }

    /** How a client goes. */
    enum Departure {
        CLOSE {
            @Override
            void leave(RawSocket socket) throws IOException {
                socket.close();
            }
        },
        RESET {
            @Override
            void leave(RawSocket socket) throws IOException {
                socket.reset();
            }
        },
        /** It might still read, and is not told apart. */
        CLOSE_OUTPUT_ALONE {
            @Override
            void leave(RawSocket socket) throws IOException {
                socket.endOutput();
            }
        };

        abstract void leave(RawSocket socket) throws IOException;
    }

    @ParameterizedTest
    @CsvSource({
            "CLOSE,              pooled, HANG",
            "CLOSE,              fresh,  HANG_AND_IGNORE_TERM",
            "RESET,              pooled, HANG_IN_MID_REPORT",
            "RESET,              fresh,  HANG",
            "CLOSE_OUTPUT_ALONE, pooled, HANG"
    })
    void takesTheirWorkersAndFilesWithThem(Departure departure, String process, Misbehaviour misbehaviour)
            throws IOException {
        RawSocket socket = open().send(request(process, misbehaviour));
        awaitBusy();

        departure.leave(socket);

        Leftovers.eventually().until(() -> pool.status().busy() == 0);
        Leftovers.awaitNone(properties.sharedDirectory());
        assertServed();
    }

    @Test
    void getNoAnswerIfTheyCloseTheirOutputAndWait() throws IOException {
        RawSocket socket = open().send(request("pooled", Misbehaviour.HANG));
        awaitBusy();

        assertThat(socket.endOutput().readReply().status()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"CLOSE, pooled", "RESET, fresh"})
    void leaveTheQueue(Departure departure, String process) throws IOException {
        RawSocket first = open().send(request(process, Misbehaviour.WAIT_FOR_THE_TEST));
        awaitBusy();
        RawSocket second = open().send(request(process, Misbehaviour.HANG));
        Leftovers.eventually().until(() -> pool.status().waiting() == 1);

        departure.leave(second);

        Leftovers.eventually().until(() -> pool.status().waiting() == 0);
        Files.createFile(awaited());
        assertThat(first.readReply().requireOk().parent().squares()).endsWith(4, 9, 16);
        assertServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fresh", "pooled"})
    void whoStaysGetsAnAnswer(String process) throws IOException {
        RawSocket socket = open().send(request(process, Misbehaviour.WAIT_FOR_THE_TEST));
        awaitBusy();
        awaitSeveralLooks();

        Files.createFile(awaited());

        assertThat(socket.readReply().requireOk().parent().squares()).endsWith(4, 9, 16);
        assertThat(socket.send(request("pooled", "[3]")).readReply().requireOk().parent().squares())
                .containsExactly(9);
    }

    @Test
    void requestsBehindALongOneAreAnswered() throws IOException {
        String third = request("pooled", "[4]");
        String half = third.substring(0, 20);
        RawSocket socket = open().send(chunkedRequest(Misbehaviour.WAIT_FOR_THE_TEST));
        awaitBusy();
        awaitSeveralLooks();
        socket.send(request("pooled", "[3]") + half);
        awaitSeveralLooks();

        Files.createFile(awaited());

        assertThat(socket.readReply().requireOk().parent().squares()).endsWith(4, 9, 16);
        assertThat(socket.readReply().requireOk().parent().squares()).containsExactly(9);
        socket.send(third.substring(half.length()));
        assertThat(socket.readReply().requireOk().parent().squares()).containsExactly(16);
    }

    @Test
    void requestsSentTogetherWithALongOneAreAnswered() throws IOException {
        RawSocket socket = open().send(request("pooled", Misbehaviour.WAIT_FOR_THE_TEST) + request("fresh", "[3]"));
        awaitBusy();
        awaitSeveralLooks();

        Files.createFile(awaited());

        assertThat(socket.readReply().requireOk().parent().squares()).endsWith(4, 9, 16);
        assertThat(socket.readReply().requireOk().parent().squares()).containsExactly(9);
    }

    private void assertServed() {
        assertThat(client.square("?process=pooled", "[4]").requireOk().parent().squares()).containsExactly(16);
    }

    private void awaitBusy() {
        Leftovers.eventually().until(() -> pool.status().busy() == 1);
    }

    private static void awaitSeveralLooks() {
        long start = System.nanoTime();
        Leftovers.eventually().until(() -> System.nanoTime() - start > SEVERAL_LOOKS.toNanos());
    }

    private Path awaited() {
        return MisbehavingWorkers.awaitedFile(properties);
    }

    private RawSocket open() throws IOException {
        RawSocket socket = new RawSocket(port);
        sockets.add(socket);
        return socket;
    }

    private static String request(String process, Misbehaviour misbehaviour) {
        return request(process, misbehaviour.list());
    }

    private static String request(String process, String list) {
        return head(process) + "Content-Length: " + list.length() + "\r\n\r\n" + list;
    }

    private static String chunkedRequest(Misbehaviour misbehaviour) {
        String list = misbehaviour.list();
        return head("pooled") + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(list.length()) + "\r\n"
                + list + "\r\n0\r\n\r\n";
    }

    private static String head(String process) {
        return "POST /square?process=" + process + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    }
}
