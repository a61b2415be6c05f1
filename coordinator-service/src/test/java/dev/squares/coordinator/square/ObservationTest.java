package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.Quota;
import dev.squares.worker.parent.InvalidReportException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class ObservationTest {
    private static final List<Long> SQUARES = List.of(1L, 4L, 9L, 16L);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 779, 780, 781, 3000, AgreementTest.OVER_A_WINDOW})
    void sameSquaresAgreeAndAreWrittenFromTheMapping(int count) throws Exception {
        List<Long> squares = AgreementTest.randomSquares(count);
        try (ParentMapping memory = MappedSquares.published(directory, squares);
                Report report = report(View.FULL, memory, squares, MappedSquares.sum(squares))) {
            Observation observed = Observation.of(Ipc.SHARED_MEMORY, memory, report);

            assertThat(observed).isInstanceOf(Observation.InMapping.class);
            assertThat(observed.agrees()).isTrue();
            assertThat(observed.count()).isEqualTo(count);
            assertThat(observed.sum()).isEqualTo(MappedSquares.sum(squares));
            assertThat(written(observed)).isEqualTo(text(squares));
        }
    }

    /** In a report that stays on the heap, and in one that is read in several blocks. */
    @ParameterizedTest
    @ValueSource(ints = {1000, AgreementTest.OVER_A_WINDOW})
    void anySquareThatDiffersIsSeenAndTheMappingsOwnIsWritten(int count) throws Exception {
        Random random = new Random(count);
        List<Long> squares = AgreementTest.randomSquares(count);
        BigInteger sum = MappedSquares.sum(squares);
        String text = text(squares);
        try (ParentMapping memory = MappedSquares.published(directory, squares)) {
            for (int at : new int[]{0, 779, 780, 781, count - 1, random.nextInt(count), random.nextInt(count)}) {
                List<Long> changed = new ArrayList<>(squares);
                changed.set(at, changed.get(at) ^ 1);
                List<Long> shorter = new ArrayList<>(squares);
                shorter.remove(at);
                List<Long> longer = new ArrayList<>(squares);
                longer.add(at, 7L);
                for (List<Long> reported : List.of(changed, shorter, longer)) {
                    try (Report report = report(View.FULL, memory, reported, sum)) {
                        Observation observed = Observation.of(Ipc.SHARED_MEMORY, memory, report);
                        assertThat(observed.agrees()).as("at " + at).isFalse();
                        assertThat(written(observed)).isEqualTo(text);
                    }
                }
            }
        }
    }

    /** A child that maps the file still could do so. What is written is what the parent sees, whatever the text said. */
    @Test
    void whatIsWrittenComesFromTheMappingAndNotFromTheReport() throws Exception {
        try (ParentMapping memory = MappedSquares.published(directory, SQUARES);
                Report report = report(View.FULL, memory, List.of(1L, 2L, 3L, 4L), BigInteger.valueOf(30))) {
            Observation observed = Observation.of(Ipc.SHARED_MEMORY, memory, report);
            assertThat(observed.agrees()).isFalse();
            assertThat(written(observed)).isEqualTo("[1,4,9,16]");
        }
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void anotherSumOrCountDisagreesInEveryView(View view) throws Exception {
        try (ParentMapping memory = MappedSquares.published(directory, SQUARES);
                Report otherSum = report(view, memory, SQUARES, BigInteger.valueOf(31));
                Report otherCount = report(view, memory, List.of(30L), BigInteger.valueOf(30));
                Report same = report(view, memory, SQUARES, BigInteger.valueOf(30))) {
            assertThat(Observation.of(Ipc.SHARED_MEMORY, memory, otherSum).agrees()).isFalse();
            assertThat(Observation.of(Ipc.SHARED_MEMORY, memory, otherCount).agrees()).isFalse();
            assertThat(Observation.of(Ipc.SHARED_MEMORY, memory, same).agrees()).isTrue();
        }
    }

    @Test
    void nothingIsObservedWhereTheChildPublishedInItsOwnMemory() throws Exception {
        try (ParentMapping memory = MappedSquares.unpublished(directory, SQUARES);
                Report report = report(View.FULL, memory, SQUARES, BigInteger.valueOf(30))) {
            Observation observed = Observation.of(Ipc.NONE, memory, report);

            assertThat(observed).isInstanceOf(Observation.Nothing.class);
            assertThat(observed.agrees()).isFalse();
            assertThat(observed.count()).isZero();
            assertThat(observed.sum()).isZero();
            assertThat(written(observed)).isEqualTo("[]");
        }
    }

    @ParameterizedTest
    @EnumSource(Ipc.class)
    void emptyListAgreesInEveryExperiment(Ipc ipc) throws Exception {
        try (ParentMapping memory = ipc == Ipc.SHARED_MEMORY
                ? MappedSquares.published(directory, List.of())
                : MappedSquares.unpublished(directory, List.of());
                Report report = report(View.FULL, memory, List.of(), BigInteger.ZERO)) {
            Observation observed = Observation.of(ipc, memory, report);
            assertThat(observed.agrees()).isTrue();
            assertThat(written(observed)).isEqualTo("[]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 779, 780, 781, 1560, AgreementTest.OVER_A_WINDOW})
    void messageIsDecodedSquareBySquare(int count) throws Exception {
        List<Long> squares = AgreementTest.randomSquares(count);
        try (ParentMapping memory = MappedSquares.unpublished(directory, squares);
                Report report = report(View.FULL, memory, squares, MappedSquares.sum(squares))) {
            Observation observed = Observation.of(Ipc.MESSAGE_PASSING, memory, report);

            assertThat(observed).isInstanceOf(Observation.FromMessage.class);
            assertThat(observed.agrees()).isTrue();
            assertThat(observed.count()).isEqualTo(count);
            assertThat(observed.sum()).isEqualTo(MappedSquares.sum(squares));
            assertThat(written(observed)).isEqualTo(text(squares));
        }
    }

    private Report report(View view, ParentMapping memory, List<Long> squares, BigInteger sum)
            throws IOException, InvalidReportException {
        Report report = new Report(view, memory, new SpillBuffer(this::open, Quota.of(directory)), null);
        String json = "{\"pid\":1,\"count\":" + squares.size() + ",\"sum\":" + sum
                + (view == View.FULL ? ",\"squares\":" + text(squares) : "") + "}";
        InputStream bytes = new ByteArrayInputStream(json.getBytes(StandardCharsets.US_ASCII));
        report.read(bytes);
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        report.copyTo(kept);
        assertThat(kept.toString(StandardCharsets.US_ASCII)).isEqualTo(json);
        return report;
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(directory.resolve("file" + System.nanoTime()), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    private static String written(Observation observed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        observed.writeSquares(out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    private static String text(List<Long> squares) {
        StringBuilder text = new StringBuilder("[");
        for (long square : squares) {
            text.append(square).append(',');
        }
        text.setLength(Math.max(1, text.length() - 1));
        return text.append(']').toString();
    }
}
