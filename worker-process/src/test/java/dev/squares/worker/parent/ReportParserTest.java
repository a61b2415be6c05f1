package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.squares.worker.memory.Job.View;
import dev.squares.worker.parent.InvalidReportException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportParserTest {
    private static final ReportSummary FOUR = new ReportSummary(4242, 0, 4, BigInteger.valueOf(30));

    private final List<Long> passed = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"pid\":4242,\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}",
            "{\"squares\":[1,4,9,16],\"sum\":30,\"count\":4,\"pid\":4242}",
            "{\"count\":4,\"squares\":[1,4,9,16],\"pid\":4242,\"sum\":30}",
            " { \"pid\" : 4242 ,\t\"count\" : 4 , \"sum\" : 30 , \"squares\" : [ 1 , 4 , 9 , 16 ] } ",
            "{\r\n\"pid\":4242,\"count\":4,\"sum\":30,\"squares\":[\n1,\n4,\n9,\n16\n]\n}\n"
    })
    void membersAreReadInAnyOrderAndWithSpaceBetweenTokens(String report) throws Exception {
        assertThat(parse(report)).isEqualTo(FOUR);
        assertThat(passed).containsExactly(1L, 4L, 9L, 16L);
    }

    @Test
    void summaryHasNoSquares() throws Exception {
        assertThat(parse("{\"pid\":4242,\"count\":4,\"sum\":30}", View.SUMMARY, 64, 64)).isEqualTo(FOUR);
        assertRefused("{\"pid\":4242,\"count\":0,\"sum\":0,\"squares\":[]}", View.SUMMARY);
        assertRefused("{\"pid\":4242,\"count\":0,\"sum\":0}", View.FULL);
    }

    @Test
    void emptyListIsAReport() throws Exception {
        assertThat(parse("{\"pid\":1,\"count\":0,\"sum\":0,\"squares\":[ ]}"))
                .isEqualTo(new ReportSummary(1, 0, 0, BigInteger.ZERO));
        assertThat(passed).isEmpty();
    }

    @Test
    void sumHas128Bits() throws Exception {
        BigInteger sum = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);
        assertThat(parse("{\"pid\":1,\"count\":0,\"sum\":" + sum + ",\"squares\":[]}").sum()).isEqualTo(sum);
        assertThat(parse("{\"pid\":1,\"count\":0,\"sum\":-" + sum + ",\"squares\":[]}").sum()).isEqualTo(sum.negate());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99_999_999, 100_000_000, 9_999_999_999_999_999L, 10_000_000_000_000_000L,
            999_999_999_999_999_999L, 1_000_000_000_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE, -1, -12_345_678})
    void longsOfEveryLengthPass(long number) throws Exception {
        parse("{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[" + number + "]}");
        assertThat(passed).containsExactly(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "9999999999999999999",
            "18446744073709551616",
            "18446744073709551617", "99999999999999999999", "100000000000000000000000000000000000001", "01", "00", "-",
            "--1", "+1", "1.0", "1e2", "1E2", ".5", "\"1\"", "null", "true", "[1]", "{}", "", "1 2", "0x1", "1_0", "1:",
            "1/", "\u00fa1", "\u00b9", "1\u0000", "NaN", "-01"})
    void whatIsNoIntegerOf64BitsIsRefused(String number) {
        for (String report : List.of(
                "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[" + number + "]}",
                "{\"pid\":1,\"count\":3,\"sum\":1,\"squares\":[1," + number + ",1]}",
                "{\"pid\":" + number + ",\"count\":1,\"sum\":1,\"squares\":[1]}",
                "{\"pid\":1,\"count\":" + number + ",\"sum\":1,\"squares\":[1]}")) {
            assertRefused(report, View.FULL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e2", "\"1\"", "null", "", "-", "01", "-00", "--1", "1-1",
            "100000000000000000000000000000000000000001"})
    void sumThatIsNoIntegerIsRefused(String sum) {
        assertRefused("{\"pid\":1,\"count\":1,\"sum\":" + sum + ",\"squares\":[1]}", View.FULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", " ", "{", "{}", "[]", "1", "null", "Hello, world!", "{\"pid\":1}",
            "{\"pid\":1,\"count\":1,\"sum\":1}",
            "{\"count\":1,\"sum\":1,\"squares\":[1]}",
            "{\"pid\":1,\"sum\":1,\"squares\":[1]}",
            "{\"pid\":1,\"count\":1,\"squares\":[1]}",
            "{\"pid\":1,\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1]}",
            "{\"pid\":1,\"count\":2,\"sum\":1,\"squares\":[1],\"squares\":[1]}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1],\"mood\":1}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1],\"\":1}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1],\"a very long name of a member\":1}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"Squares\":[1]}",
            "{pid:1,\"count\":1,\"sum\":1,\"squares\":[1]}",
            "{'pid':1,\"count\":1,\"sum\":1,\"squares\":[1]}",
            "{\"pid\" 1,\"count\":1,\"sum\":1,\"squares\":[1]}",
            "{\"pid\":1\"count\":1,\"sum\":1,\"squares\":[1]}",
            "{,\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1]}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1],}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1,]}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[,1]}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":1}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":{}}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1]",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1]}}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1]}{}",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1]} 1",
            "{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1]}\u0000",
            "\u00ef\u00bb\u00bf{\"pid\":1,\"count\":1,\"sum\":1,\"squares\":[1]}"
    })
    void whatIsNoReportIsRefused(String report) {
        assertRefused(report, View.FULL);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "4, 3", "4, 5", "-1, 0", "780, 781", "1560, 1559"})
    void countThatIsNotThatOfTheSquaresIsRefused(int count, int squares) {
        assertRefused(report(count, LongStream.range(0, squares).toArray()), View.FULL);
    }

    @Test
    void everyPieceOfEveryLengthIsRead() throws Exception {
        String report = "{ \"pid\":1,\"count\":5,\"sum\": 170141183460469231731687303715884105727 , "
                + "\"squares\":[9223372036854775807,-9223372036854775808,0, 12345678,-1 ] } ";
        for (int bytesAtATime = 1; bytesAtATime <= report.length(); bytesAtATime++) {
            for (int block : new int[]{1, 21, 22, 23, 64, 1000}) {
                passed.clear();
                assertThat(parse(report, View.FULL, block, bytesAtATime).count()).isEqualTo(5);
                assertThat(passed).containsExactly(Long.MAX_VALUE, Long.MIN_VALUE, 0L, 12_345_678L, -1L);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {779, 780, 781, 1560, 10_000, 100_000})
    void everySquareOfALongListPassesInOrder(int count) throws Exception {
        Random random = new Random(count);
        long[] squares = random.longs(count).map(any -> any >> (any & 63)).toArray();
        for (int block : new int[]{21, 4096, 65_536}) {
            passed.clear();
            assertThat(parse(report(count, squares), View.FULL, block, 1 + random.nextInt(70_000)).count())
                    .isEqualTo(count);
            assertThat(passed).isEqualTo(Arrays.stream(squares).boxed().toList());
        }
    }

    @Test
    void reportThatCannotBeReadIsNotGarbled() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("no room");
            }
        };
        assertThatThrownBy(() -> ReportParser.parse(broken, View.FULL, 100, (squares, length) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("no room");
    }

    private static String report(long count, long... squares) {
        return "{\"pid\":1,\"count\":" + count + ",\"sum\":1,\"squares\":"
                + LongStream.of(squares).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]")) + "}";
    }

    private void assertRefused(String report, View view) {
        for (int bytesAtATime : new int[]{1, 7, report.length() + 1}) {
            assertThatThrownBy(() -> parse(report, view, 64, bytesAtATime))
                    .as(report)
                    .isInstanceOf(InvalidReportException.class);
        }
    }

    private ReportSummary parse(String report) throws Exception {
        return parse(report, View.FULL, 1000, 1000);
    }

    private ReportSummary parse(String report, View view, int blockBytes, int bytesAtATime) throws Exception {
        InputStream bytes = new ByteArrayInputStream(report.getBytes(StandardCharsets.ISO_8859_1)) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(length, bytesAtATime));
            }
        };
        return ReportParser.parse(bytes, view, blockBytes,
                (squares, length) -> passed.addAll(Arrays.stream(squares, 0, length).boxed().toList()));
    }
}
