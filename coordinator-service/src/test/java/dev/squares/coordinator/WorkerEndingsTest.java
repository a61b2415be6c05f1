package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.child.Misbehaviour;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import tools.jackson.databind.JsonNode;

/**
 * Every way in which a worker's job ends, once: the client is told what happened, and the next request is right. What differs in
 * the misbehaviour alone, and ends in the same way, is in {@link MisbehavingWorkersTest}.
 */
class WorkerEndingsTest extends MisbehaviourTest {
    @AfterEach
    void servesTheNextFreshRequestAsWell() {
        requireServed("fresh");
    }

    @ParameterizedTest
    @CsvSource({
            "CRASH_BEFORE_MAPPING,   pooled, 41, 0",
            "CRASH_HALFWAY,          fresh,  42, 2",
            "CRASH_AFTER_PUBLISHING, fresh,  43, 4",
            "EXIT_SILENTLY,          pooled, 0,  2",
            "HALF_A_LINE,            fresh,  0,  2"
    })
    void tellsHowTheChildOfACrashTerminated(Misbehaviour misbehaviour, String process, int exitCode, int written) {
        assertTellsHowItCrashed(misbehaviour, process, exitCode, written);
    }

    @Test
    void namesTheSignalThatKilledAWorker() {
        JsonNode problem = client.square("", Misbehaviour.KILLED_HALFWAY.list()).requireProblem(502, "worker-crashed");

        assertThat(problem.get("exitCode").intValue()).isEqualTo(137);
        assertThat(problem.get("signal").stringValue()).startsWith("SIGKILL").contains("memory");
        assertThat(problem.get("killedByParent").booleanValue()).isFalse();
        assertThat(problem.get("written").intValue()).isEqualTo(2);
        assertGone(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fresh", "pooled"})
    void takesAReportThatIsCompleteThoughTheWorkerCrashesAfterwards(String process) {
        Reply reply = client.square("?process=" + process, Misbehaviour.CRASH_AFTER_REPORTING.list()).requireOk();

        assertThat(reply.json().get("match").booleanValue()).isTrue();
        assertThat(reply.parent().squares()).endsWith(4, 9, 16);
        // Not handed out again: that it ended may be seen a little later than its report.
        long pid = reply.child().pid();
        Leftovers.eventually().until(() -> ProcessHandle.of(pid).isEmpty());
        Leftovers.awaitNone(properties.sharedDirectory());
    }

    @ParameterizedTest
    @EnumSource(names = {"GARBAGE", "EMPTY_LINE", "ENDLESS_SQUARES", "TWO_LINES", "WRONG_COUNT"})
    void refusesAReportThatIsNone(Misbehaviour misbehaviour) {
        assertRefusesTheReport(misbehaviour);
    }

    @ParameterizedTest
    @EnumSource(names = {"HANG", "HANG_IN_MID_REPORT"})
    void killsAWorkerThatIsNotDoneInTime(Misbehaviour misbehaviour) {
        assertKillsItInTime(misbehaviour);
    }

    @Test
    void logsTheLastWordsAndTellsNoClient(CapturedOutput output) {
        Reply reply = client.square("", Misbehaviour.CRASH_AFTER_PUBLISHING.list());

        assertThat(reply.text()).doesNotContain("last words");
        assertThat(output.getAll()).contains("last words").contains("exitCode=43");
    }

    @Test
    void seesThatTheSharedMemoryHasOtherSquaresThanWereReported() {
        Reply reply = client.square("", Misbehaviour.REPORT_OTHER_SQUARES.list()).requireOk();

        assertThat(reply.json().get("match").booleanValue()).isFalse();
        assertThat(reply.child().squares()).containsExactly(1, 2, 3, 4);
        assertThat(reply.parent().squares()).endsWith(4, 9, 16);
    }

    @Test
    void observesNothingWhereNothingWasPublished() {
        Reply reply = client.square("", Misbehaviour.REPORT_WITHOUT_PUBLISHING.list()).requireOk();

        assertThat(reply.json().get("match").booleanValue()).isFalse();
        assertThat(reply.child().squares()).endsWith(4, 9, 16);
        assertThat(reply.parent().squares()).isEmpty();
    }
}
