package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.coordinator.square.SharedMemoryLimit.Reservation;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.SharedMemoryFullException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request holds of the shared memory while its list arrives, and when it gives it back. */
@Execution(ExecutionMode.CONCURRENT)
class ReservationTest {
    private static final int LIMIT = 1 << 20;
    private static final String HALF = "1,".repeat(35_000);

    @TempDir
    private Path shared;

    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private SharedDirectory directory;
    private SharedMemoryLimit limit;
    private IntegerListReader reader;

    @BeforeEach
    void open() throws IOException {
        SquaresProperties properties = SquaresSettings.with(
                "shared-directory=" + shared, "shared-memory-limit=" + LIMIT + "B", "worker.queue-timeout=60s");
        directory = new SharedDirectory(properties);
        limit = new SharedMemoryLimit(properties, directory, new SimpleMeterRegistry());
        reader = new IntegerListReader(properties);
    }

    @AfterEach
    void leavesNothing() throws IOException {
        requests.close();
        assertThat(limit.inFlight()).isZero();
        assertThat(limit.waiting()).isZero();
        directory.delete();
        assertThat(shared).isEmptyDirectory();
    }

    @Test
    void aListThatIsTooLargeHoldsNothingWhileItsRestIsAwaited() {
        HaltingBody body = new HaltingBody("[" + "1,".repeat(200_000), "1]");
        Path file = directory.newFile();
        CompletableFuture<Throwable> ending = receive(body, file);
        body.awaitHalt();

        assertThat(limit.inFlight()).isZero();
        assertThat(file).isEmptyFile();

        body.goOn();
        SharedMemoryFullException full = (SharedMemoryFullException) ending.join();
        assertThat(full.needed()).isEqualTo(64 + 16 * 200_001 + 256 + 2 * 200_001);
        assertThat(full.available()).isEqualTo(LIMIT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            // Its elements before are many.
            "[HALF'a',      | 1]",
            "[HALF 1.5,     | 1]",
            "[HALF 1e99,    | 1]",
            "[HALF null,    | 1]",
            "[HALF[1,       | 1]]",
            "{'list':[HALF  | 1]}"
    })
    void aListOfWhichAnElementIsRefusedHoldsNothingWhileItsRestIsAwaited(String first, String rest) {
        HaltingBody body = new HaltingBody(first.replace("HALF", HALF).replace('\'', '"'), rest);
        Path file = directory.newFile();
        CompletableFuture<Throwable> ending = receive(body, file);
        body.awaitHalt();

        assertThat(limit.inFlight()).isZero();
        assertThat(file).isEmptyFile();

        body.goOn();
        assertThat(((ProblemException) ending.join()).type())
                .isIn(ProblemType.NOT_AN_INTEGER_LIST, ProblemType.SQUARE_OUT_OF_RANGE);
    }

    @Test
    void ofTwoListsThatEachFitAndTogetherDoNotTheYoungerIsRefusedAndTheOlderGoesOn() {
        HaltingBody older = new HaltingBody("[" + HALF, HALF.substring(0, 40_000) + "1]");
        HaltingBody younger = new HaltingBody("[" + HALF, HALF.substring(0, 40_000) + "1]");
        CompletableFuture<Throwable> olderEnding = receive(older, directory.newFile());
        older.awaitHalt();
        CompletableFuture<Throwable> youngerEnding = receive(younger, directory.newFile());
        younger.awaitHalt();

        older.goOn();
        await().until(() -> limit.waiting() == 1);
        assertThat(olderEnding).isNotDone();
        younger.goOn();

        SharedMemoryFullException refused = (SharedMemoryFullException) youngerEnding.join();
        assertThat(refused.needed()).isLessThan(LIMIT).isGreaterThan(refused.available());
        assertThat(olderEnding.join()).isNull();
    }

    @Test
    void aYoungerListWaitsForAnOlderOneThatHasAllItNeeds() throws IOException {
        CompletableFuture<Throwable> ending;
        try (Reservation older = limit.reserve(directory.newFile())) {
            older.take(LIMIT / 2);
            older.setAside(LIMIT / 4);
            ending = receive(body("[" + HALF + "1]"), directory.newFile());
            await().until(() -> limit.waiting() == 1);
            assertThat(ending).isNotDone();
        }
        assertThat(ending.join()).isNull();
    }

    @Test
    void roomIsGivenBackWhenTheFileHasGone() throws IOException {
        Path file = Files.createFile(directory.newFile());
        CompletableFuture<Boolean> wasThere;
        try (Reservation first = limit.reserve(file)) {
            first.take(LIMIT);
            wasThere = CompletableFuture.supplyAsync(() -> {
                try (Reservation second = limit.reserve(directory.newFile())) {
                    second.take(1);
                    return Files.exists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, requests);
            await().until(() -> limit.waiting() == 1);
        }
        assertThat(wasThere.join()).isFalse();
    }

    @Test
    void roomForTheReportIsTakenWithTheSquaresAndGivenBackWhereItIsNotUsed() throws IOException {
        Path file = directory.newFile();
        long fileBytes = 64 + 16 * 20_000;
        long reportBytes = 256 + 20 * 20_000;
        try (Reservation reservation = limit.reserve(file)) {
            receive(body("[" + "3037000499,".repeat(19_999) + "1]"), file, reservation);
            assertThat(limit.inFlight()).isEqualTo(fileBytes + reportBytes);
            reservation.take(100_000);
            assertThat(limit.inFlight()).isEqualTo(fileBytes + reportBytes);
            reservation.giveBackAside();
            assertThat(limit.inFlight()).isEqualTo(fileBytes + 100_000);
        }
    }

    @Test
    void aReportThatIsLongerThanItCanBeDoesNotWait() throws IOException {
        try (Reservation reservation = limit.reserve(directory.newFile());
                Reservation other = limit.reserve(directory.newFile())) {
            reservation.take(1);
            reservation.setAside(9);
            reservation.take(9);
            other.take(LIMIT - 20);
            reservation.take(10);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> reservation.take(1));
            assertThat(reservation.needed()).isEqualTo(21);
            assertThat(reservation.available()).isEqualTo(20);
        }
    }

    @Test
    void shortListsTakeNoRoomForTheirReports() {
        assertThat(ReportBound.bytes(View.FULL, 4, 4)).isZero();
        assertThat(ReportBound.bytes(View.SUMMARY, 1_000_000, 4)).isZero();
        assertThat(ReportBound.bytes(View.FULL, 100_000, 0)).isEqualTo(256 + 2 * 100_000);
        assertThat(ReportBound.bytes(View.FULL, 100_000, 3)).isEqualTo(256 + 2 * 100_000);
        assertThat(ReportBound.bytes(View.FULL, 100_000, 4)).isEqualTo(256 + 3 * 100_000);
        assertThat(ReportBound.bytes(View.FULL, 100_000, 3_037_000_499L)).isEqualTo(256 + 20 * 100_000);
    }

    /** How receiving it ends: null if well. */
    private CompletableFuture<Throwable> receive(InputStream body, Path file) {
        return CompletableFuture.supplyAsync(() -> catchThrowable(() -> {
            try (Reservation reservation = limit.reserve(file)) {
                receive(body, file, reservation);
            }
        }), requests);
    }

    private void receive(InputStream body, Path file, Reservation reservation) throws IOException {
        try (MappedFileWriter list = new MappedFileWriter(file, reservation)) {
            reader.read(body, -1, list);
            list.complete(ReportBound.bytes(View.FULL, list.count(), list.largest()));
        }
    }

    private static InputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
