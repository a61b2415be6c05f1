package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Several children on one list. */
@TestPropertySource(properties = "squares.worker.max-processes=3")
class CooperationTest extends HttpTest {
    static final List<String> IPCS = ExperimentsTest.IPCS;

    /** To hold as many numbers against the contract takes longer than to have them squared. */
    private static final int CHECKED = 10_000;

    private static final int LONG_LIST = 1_000_000;

    /** Children that do not synchronize lose updates with a third of it. */
    private static final int RACED_FOR = 300_000;

    @Test
    void eachChildReportsItsSliceAndTheParentObservesTheWhole() {
        Reply reply = client.square("?processes=2", "[1, 2, 3, 4]").requireOk();

        JsonNode children = reply.json().get("childrenReported");
        long first = children.get(0).get("pid").longValue();
        long second = children.get(1).get("pid").longValue();
        assertThat(first).isNotEqualTo(second);
        assertThat(reply.text().strip()).isEqualTo("{\"ipc\":\"shared-memory\",\"process\":\"fresh\",\"processes\":2,"
                + "\"sum\":\"own\",\"match\":true,\"childrenReported\":[{\"pid\":" + first
                + ",\"from\":0,\"count\":2,\"sum\":5,\"squares\":[1,4]},{\"pid\":" + second
                + ",\"from\":2,\"count\":2,\"sum\":25,\"squares\":[9,16]}],\"parentObserved\":{\"pid\":"
                + ProcessHandle.current().pid() + ",\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}}");
    }

    @Test
    void oneProcessWithASumOfItsOwnIsTheUsualAnswer() {
        Reply reply = client.square("?processes=1&sum=own", "[1, 2, 3, 4]").requireOk();
        assertThat(reply.child().squares()).containsExactly(1, 4, 9, 16);
        assertThat(reply.text()).doesNotContain("childrenReported", "processes", "lostUpdates");
    }

    @ParameterizedTest
    @CsvSource({"1, 5, fresh", "2, 5, pooled", "3, 5, fresh", "3, 2, pooled", "3, 0, pooled", "3, 3100, pooled",
            "2, 20001, pooled"})
    void slicesAreTheWholeListInOrder(int processes, int count, String process) {
        for (String ipc : IPCS) {
            String query = "?sum=own&processes=" + Math.max(2, processes) + "&process=" + process + "&ipc=" + ipc;
            Reply reply = (count < CHECKED
                    ? client.square(query, list(count))
                    : client.reply(client.post(query, list(count))))
                    .requireOk();
            List<Long> squares = new ArrayList<>();
            Set<Long> pids = new HashSet<>();
            BigInteger sum = BigInteger.ZERO;
            for (JsonNode child : reply.json().get("childrenReported")) {
                assertThat(child.get("from").longValue()).isEqualTo(squares.size());
                child.get("squares").forEach(square -> squares.add(square.longValue()));
                assertThat(child.get("count").longValue()).isEqualTo(squares.size() - child.get("from").longValue());
                sum = sum.add(child.get("sum").bigIntegerValue());
                pids.add(child.get("pid").longValue());
            }
            assertThat(pids).hasSize(Math.max(2, processes));
            List<Long> expected = LongStream.rangeClosed(1, count).map(i -> i * i).boxed().toList();
            assertThat(squares).isEqualTo(expected);
            boolean none = ipc.equals("none");
            assertThat(reply.parent().squares()).isEqualTo(
                    none ? new long[0] : expected.stream().mapToLong(Long::longValue).toArray());
            assertThat(reply.parent().sum()).isEqualTo(none ? BigInteger.ZERO : sum);
            assertThat(reply.json().get("match").booleanValue()).isEqualTo(!none || count == 0);
        }
    }

    @Test
    void summaryLeavesTheSquaresOut() {
        Reply reply = client.squareUnchecked("?processes=2&view=summary&process=pooled", list(100_000)).requireOk();
        assertThat(reply.text()).doesNotContain("squares");
        assertThat(reply.json().get("match").booleanValue()).isTrue();
        assertThat(reply.parent().sum()).isEqualTo(sumOfSquares(100_000));
    }

    @Test
    void sumOfTheParentsOwnAddingUpIs128BitsWide() {
        String list = "[3037000499,3037000499,3037000499,3037000499]";
        Reply reply = client.square("?processes=2", list).requireOk();
        assertThat(reply.parent().sum()).isEqualTo(
                BigInteger.valueOf(9_223_372_030_926_249_001L).multiply(BigInteger.valueOf(4)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unsynchronized", "atomic", "locked"})
    void sumThatDoesNotFitIsRefusedBeforeAWorkerIsTaken(String sum) {
        JsonNode problem = client.square("?processes=2&sum=" + sum, "[3037000499, 0, 76997]")
                .requireProblem(400, "invalid-option");
        assertThat(problem.get("parameter").stringValue()).isEqualTo("sum");
        assertThat(problem.get("detail").stringValue()).contains("does not fit the 64 bits");
        // The root of what there is room for beside the first.
        assertThat(client.square("?processes=2&sum=" + sum, "[3037000499, 0, 76996]").requireOk().parent().count())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"atomic", "locked"})
    void nothingIsLostWhereChildrenSynchronize(String sum) {
        String list = list(RACED_FOR);
        for (int processes = 1; processes <= 3; processes++) {
            Reply reply = client
                    .squareUnchecked("?view=summary&process=pooled&sum=" + sum + "&processes=" + processes, list)
                    .requireOk();
            assertThat(reply.json().get("lostUpdates").longValue()).isZero();
            assertThat(reply.json().get("match").booleanValue()).isTrue();
            assertThat(reply.parent().sum()).isEqualTo(sumOfSquares(RACED_FOR));
        }
    }

    /**
     * How much is lost, and whether anything is, is up to the scheduler: what is said of it is true in any case. The longer the list, the
     * surer do the children meet; where they do so soon, a short one is enough.
     */
    @Test
    void lostUpdatesAreWhatTheSumIsShortOf() {
        int lossy = 0;
        for (int run = 0; run < 60 && (run < 6 || lossy <= 3); run++) {
            int count = LONG_LIST / 10 * (1 + run / 6);
            BigInteger sum = sumOfSquares(count);
            Reply reply = client
                    .squareUnchecked("?view=summary&process=pooled&sum=unsynchronized&processes=2", list(count))
                    .requireOk();
            BigInteger lost = reply.json().get("lostUpdates").bigIntegerValue();
            assertThat(reply.parent().sum().add(lost)).isEqualTo(sum);
            assertThat(reply.json().get("match").booleanValue()).isEqualTo(lost.signum() == 0);
            JsonNode children = reply.json().get("childrenReported");
            assertThat(children.get(0).get("sum").longValue() + children.get(1).get("sum").longValue())
                    .as("only the one sum is damaged")
                    .isEqualTo(sum.longValue());
            lossy += lost.signum();
        }
        assertThat(lossy).as("runs that lost updates").isGreaterThan(3);
    }

    /** With three processes in all, those who want two or three each would lock each other out if they took one at a time. */
    @ParameterizedTest
    // Each fresh one starts a process.
    @CsvSource({"fresh, 1", "pooled, 2"})
    void manyClientsWhoWantSeveralAreAllServed(String process, int requests) {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int processes = 1 + i % 3;
            int number = i;
            clients.add(CompletableFuture.runAsync(() -> {
                for (int request = 0; request < requests; request++) {
                    Reply reply = client.square("?process=" + process + "&processes=" + processes
                            + ((number + request) % 2 == 0 ? "&sum=locked" : ""), list(2000)).requireOk();
                    assertThat(reply.json().get("match").booleanValue()).isTrue();
                }
            }, task -> Thread.ofVirtual().start(task)));
        }
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();
    }

    @ParameterizedTest
    @FieldSource("IPCS")
    void streamTellsOfEveryChild(String ipc) {
        List<StreamEvent> events = client.stream("?processes=3&ipc=" + ipc, "[1, 2, 3, 4, 5, 6]");

        Set<Long> taken = StreamEvent.named(events, "taken")
                .stream()
                .map(event -> event.get("pid").longValue())
                .collect(Collectors.toSet());
        assertThat(taken).hasSize(3);
        List<StreamEvent> reported = StreamEvent.named(events, "reported");
        assertThat(reported.stream().map(event -> event.get("pid").longValue())).hasSameElementsAs(taken);
        assertThat(reported.stream().map(event -> event.get("from").longValue())).containsExactlyInAnyOrder(0L, 2L, 4L);
        JsonNode answer = StreamEvent.one(events, "result").get("answer");
        assertThat(answer.get("childrenReported")).hasSize(3);
        assertThat(StreamEvent.one(events, "observed").get("sum")).isEqualTo(answer.get("parentObserved").get("sum"));
        assertThat(events.getLast().get("outcome").stringValue()).isEqualTo("result");
    }

    @Test
    void streamTellsOfTheSumWhileItGrows() {
        List<StreamEvent> events = client.stream("?processes=2&sum=locked&view=summary", list(LONG_LIST));
        for (StreamEvent progress : StreamEvent.named(events, "progress")) {
            assertThat(progress.get("slices")).hasSize(2);
            assertThat(progress.get("sum").longValue()).isBetween(0L, sumOfSquares(LONG_LIST).longValue());
        }
        assertThat(StreamEvent.one(events, "observed").get("lostUpdates").longValue()).isZero();
    }

    @Test
    void aStreamRefusesASumThatDoesNotFitAsAnAnswerDoes() {
        client.answerOf(client.post("?sum=atomic", "[3037000499, 3037000499]").header("Accept", "text/event-stream"))
                .requireProblem(400, "invalid-option");
    }

    @Test
    void moreProcessesThanThereCanBeAreRefused() {
        JsonNode problem = client.squareUnchecked("?processes=4", "[1]").requireProblem(400, "invalid-option");
        assertThat(problem.get("allowed").toString()).isEqualTo("[\"1 to 3\"]");
    }

    private static BigInteger sumOfSquares(long count) {
        return BigInteger.valueOf(LongStream.rangeClosed(1, count).map(i -> i * i).sum());
    }

    private static String list(int count) {
        return LongStream.rangeClosed(1, count).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
