package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

/** Clients that take and send little at a time, but never so little that a single read or write takes too long. */
@ExtendWith(OutputCaptureExtension.class)
class TricklingClientsTest {
    private static final int COUNT = 400_000;

    /** In the answer there are two of each square, and a comma. */
    private static final int LEAST_ANSWER = 2 * COUNT * "9223372030926249001,".length();

    /** With the pause between two of them: 3 MB a second at most, so that an answer lasts longer than the grace. */
    private static final int READS_AT_ONCE = 16;

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** What a single read or write may take, and what an answer may take besides its rate. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** Of a coordinator with another setting. */
    private final Path other = TemporaryDirectories.create();

    private static Path shared;
    /** It lets a client be as slow as these are. */
    private static Coordinator patient;

    private static Path sharedByStrict;
    /** It does not, and does not wait long. */
    private static Coordinator strict;

    @BeforeAll
    static void startOnce() {
        shared = TemporaryDirectories.create();
        patient = Coordinator.start(shared, timeout(GRACE), "--squares.min-send-rate=1KB");
        sharedByStrict = TemporaryDirectories.create();
        strict = Coordinator.start(sharedByStrict, timeout(GRACE.dividedBy(3)), "--squares.min-send-rate=1GB");
    }

    @AfterAll
    static void end() throws IOException {
        try (Coordinator _ = patient; Coordinator _ = strict) {
            Leftovers.awaitNone(shared);
        } finally {
            FileSystemUtils.deleteRecursively(shared);
            FileSystemUtils.deleteRecursively(sharedByStrict);
        }
    }

    @AfterEach
    void leavesNoFileAndNoError(CapturedOutput output) throws IOException {
        Leftovers.awaitNone(shared);
        assertThat(output.getAll()).doesNotContain(" ERROR ");
        FileSystemUtils.deleteRecursively(other);
    }

    @Test
    void areCutWhereTheyTakeLessThanTheLeastRate() throws IOException {
        try (RawSocket inMapping = ask(strict, "shared-memory"); RawSocket inMessage = ask(strict, "message-passing")) {
            List<Long> read = Stream.of(inMapping, inMessage)
                    .map(socket -> CompletableFuture.supplyAsync(() -> read(socket, Long.MAX_VALUE),
                            Thread::startVirtualThread))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            assertThat(read).allSatisfy(bytes -> assertThat(bytes).isLessThan(LEAST_ANSWER));

            Leftovers.awaitNone(sharedByStrict);
            assertThat(strict.client().square("", "[3]").requireOk().parent().squares()).containsExactly(9);
        }
    }

    @Test
    void getAllWhereTheyKeepTheLeastRate() throws IOException {
        try (RawSocket socket = ask(patient, "shared-memory")) {
            long start = System.nanoTime();
            assertThat(read(socket, Long.MAX_VALUE)).isGreaterThan(LEAST_ANSWER);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as("or no rate was asked for").isGreaterThan(GRACE);

            Leftovers.awaitNone(shared);
        }
    }

    @Test
    void areLeftInTheMiddleOfADecodedMessageWithoutAnError() throws IOException {
        try (RawSocket socket = ask(patient, "message-passing")) {
            // What the child has reported has been sent: the rest is what the parent decodes.
            read(socket, LEAST_ANSWER / 2);
            socket.reset();

            Leftovers.awaitNone(shared);
        }
    }

    @Test
    void sendTheHeadOfARequestForALimitedTime() throws IOException {
        try (RawSocket one = begin("G"); RawSocket other = begin("GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ")) {
            Leftovers.eventually().until(() -> hasEnded(one, "x") & hasEnded(other, "x"));
        }
    }

    /** The beginning of a request, behind a whole one. */
    private static RawSocket begin(String beginning) throws IOException {
        RawSocket socket = new RawSocket(strict.port())
                .send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n" + beginning);
        assertThat(socket.readReply().status()).isEqualTo(200);
        return socket;
    }

    @Test
    void sendTheRestOfARefusedBodyForALimitedTime() throws IOException {
        try (Coordinator coordinator = Coordinator.start(other, timeout(GRACE), "--squares.receive-timeout=500ms");
                RawSocket one = beginRefused(coordinator, "/square");
                RawSocket other = beginRefused(coordinator, "/nowhere");
                RawSocket another = beginRefused(coordinator, "/%2f")) {
            Leftovers.eventually()
                    .until(() -> hasEnded(one, " ") & hasEnded(other, " ") & hasEnded(another, " "));
        }
    }

    private static RawSocket beginRefused(Coordinator coordinator, String path) throws IOException {
        RawSocket socket = new RawSocket(coordinator.port())
                .send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 1000000\r\n\r\n]   ");
        assertThat(socket.readReply().status()).as(path).isBetween(400, 499);
        return socket;
    }

    /** A byte at a time, until the other side will have no more. */
    private static boolean hasEnded(RawSocket socket, String next) throws IOException {
        if (socket.readALittle() == -1) {
            return true;
        }
        try {
            socket.send(next);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** To the end of the connection, or a little more than {@code enough} bytes. Returns how many there were. */
    private static long read(RawSocket socket, long enough) {
        AtomicLong bytes = new AtomicLong();
        Leftovers.eventually().pollInterval(PAUSE).until(() -> {
            int read = 0;
            for (int i = 0; i < READS_AT_ONCE && read != -1; i++) {
                read = socket.readALittle();
                bytes.addAndGet(Math.max(read, 0));
            }
            return read == -1 || bytes.get() > enough;
        });
        return bytes.get();
    }

    private static String timeout(Duration grace) {
        return "--server.tomcat.connection-timeout=" + grace.toMillis() + "ms";
    }

    private static RawSocket ask(Coordinator coordinator, String ipc) throws IOException {
        byte[] list = Collections.nCopies(COUNT, 3_037_000_499L).toString().getBytes(StandardCharsets.US_ASCII);
        return new RawSocket(coordinator.port())
                .send("POST /square?ipc=" + ipc + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nContent-Length: " + list.length + "\r\n\r\n")
                .send(list);
    }
}
