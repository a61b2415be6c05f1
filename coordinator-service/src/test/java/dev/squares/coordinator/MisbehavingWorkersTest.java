package dev.squares.coordinator;

import dev.squares.worker.child.Misbehaviour;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Whatever a worker does, the client is told what happened, and the next request is right. */
@Import(MisbehavingWorkers.class)
@TestPropertySource(properties = {
        "squares.worker.timeout=2s",
        "squares.worker.kill-grace=500ms",
        "squares.worker.queue-timeout=30s"
})
@ExtendWith(OutputCaptureExtension.class)
class MisbehavingWorkersTest extends HttpTest {
    @AfterEach
    void servesTheNextRequest() {
        for (String process : new String[]{"pooled", "fresh"}) {
            Reply next = client.square("?process=" + process, "[5, 6]").requireOk();
            assertThat(next.child().squares()).containsExactly(25, 36);
            assertThat(next.parent().squares()).containsExactly(25, 36);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "CRASH_BEFORE_MAPPING,   fresh,  41, 0",
            "CRASH_BEFORE_MAPPING,   pooled, 41, 0",
            "CRASH_HALFWAY,          fresh,  42, 2",
            "CRASH_HALFWAY,          pooled, 42, 2",
            "CRASH_AFTER_PUBLISHING, fresh,  43, 4",
            "EXIT_SILENTLY,          fresh,  0,  2",
            "EXIT_SILENTLY,          pooled, 0,  2",
            "HALF_A_LINE,            fresh,  0,  2"
    })
    void tellsHowTheChildOfACrashTerminated(Misbehaviour misbehaviour, String process, int exitCode, int written) {
        JsonNode problem = client.square("?process=" + process, misbehaviour.list())
                .requireProblem(502, "worker-crashed");

        assertThat(problem.get("exitCode").intValue()).isEqualTo(exitCode);
        assertThat(problem.get("signal").isNull()).isTrue();
        assertThat(problem.get("killedByParent").booleanValue()).isFalse();
        assertThat(problem.get("outOfMemory").booleanValue()).isFalse();
        assertThat(problem.get("ranForMillis").longValue()).isNotNegative();
        assertThat(problem.get("written").intValue()).isEqualTo(written);
        assertThat(problem.get("detail").stringValue()).contains(problem.get("pid").asString());
        assertGone(problem);
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

    @Test
    void sawNothingOfTheWritesOfAWorkerWithPrivateMemory() {
        JsonNode problem = client.square("?ipc=message-passing", Misbehaviour.CRASH_HALFWAY.list())
                .requireProblem(502, "worker-crashed");

        assertThat(problem.get("written").intValue()).isZero();
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
    @EnumSource(names = {"GARBAGE", "EMPTY_LINE", "ENDLESS_NUMBER", "ENDLESS_SPACE", "ENDLESS_SQUARES", "DEEP_NESTING",
            "TWO_LINES", "NOTHING_BUT_A_PID", "UNKNOWN_MEMBER", "WRONG_COUNT", "WRONG_KIND"})
    void refusesAReportThatIsNone(Misbehaviour misbehaviour) {
        Reply reply = client.square("?process=pooled", misbehaviour.list());
        JsonNode problem = reply.requireProblem(502, "worker-crashed");

        assertThat(problem.get("written").intValue()).isEqualTo(2);
        assertThat(problem.get("killedByParent").booleanValue()).isTrue();
        assertThat(problem.get("signal").stringValue()).startsWith("SIGKILL").doesNotContain("memory");
        assertThat(reply.text()).doesNotContain("no report at all").doesNotContain("mood");
        assertGone(problem);
    }

    @ParameterizedTest
    @EnumSource(names = {"HANG", "HANG_AND_IGNORE_TERM", "HANG_IN_MID_REPORT", "ENDLESS_STDERR"})
    void killsAWorkerThatIsNotDoneInTime(Misbehaviour misbehaviour) {
        JsonNode problem = client.square("?process=pooled", misbehaviour.list())
                .requireProblem(504, "worker-timed-out");

        assertThat(problem.get("written").intValue()).isEqualTo(2);
        assertThat(problem.get("killedByParent").booleanValue()).isTrue();
        assertThat(problem.get("ranForMillis").longValue()).isGreaterThanOrEqualTo(2000);
        // A JVM on a busy machine may take longer than the grace to heed a SIGTERM.
        assertThat(problem.get("signal").stringValue())
                .matches(misbehaviour == Misbehaviour.HANG_AND_IGNORE_TERM ? "SIGKILL.*" : "SIG(TERM|KILL).*")
                .contains("parent");
        assertGone(problem);
    }

    @Test
    void killsAWorkerThatIsStopped() throws IOException, InterruptedException {
        long pid = client.square("?process=pooled", "[1]").requireOk().child().pid();
        signal("STOP", pid);
        // A signal is on its way for a while, and each thread stops for itself.
        Leftovers.eventually().until(() -> isStopped(pid));

        JsonNode problem = client.square("?process=pooled", "[1,2]").requireProblem(504, "worker-timed-out");

        assertThat(problem.get("pid").longValue()).isEqualTo(pid);
        assertThat(problem.get("written").intValue()).isZero();
        assertGone(problem);
    }

    @Test
    void killsAWorkerThatStaysAfterItsWork() {
        Reply reply = client.square("?process=fresh", Misbehaviour.REPORT_AND_IGNORE_THE_END.list()).requireOk();

        long pid = reply.child().pid();
        Leftovers.eventually().until(() -> ProcessHandle.of(pid).isEmpty());
    }

    @Test
    void replacesAnIdleWorkerThatIsKilled() throws IOException, InterruptedException {
        long pid = client.square("?process=pooled", "[1]").requireOk().child().pid();

        signal("KILL", pid);
        Leftovers.eventually().until(() -> ProcessHandle.of(pid).isEmpty());

        Reply reply = client.square("?process=pooled", "[2]").requireOk();
        assertThat(reply.child().pid()).isNotEqualTo(pid);
    }

    @Test
    void listensToAWorkerThatHasALotToComplainAbout(CapturedOutput output) {
        Reply reply = client.square("", Misbehaviour.LOUD_AND_RIGHT.list()).requireOk();

        assertThat(reply.parent().squares()).endsWith(4, 9, 16);
    }

    @Test
    void logsTheLastWordsAndTellsNoClient(CapturedOutput output) {
        Reply reply = client.square("", Misbehaviour.CRASH_AFTER_PUBLISHING.list());

        assertThat(reply.text()).doesNotContain("last words");
        assertThat(output.getAll()).contains("last words").contains("exitCode=43");
    }

    @Test
    void keepsTheLogOfAnEndlessComplaintShort(CapturedOutput output) {
        int before = output.getAll().length();

        client.square("", Misbehaviour.ENDLESS_STDERR.list()).requireProblem(504, "worker-timed-out");

        assertThat(output.getAll().substring(before)).contains(" of very many").hasSizeLessThan(20_000);
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

    private static void assertGone(JsonNode problem) {
        assertThat(ProcessHandle.of(problem.get("pid").longValue())).isEmpty();
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** See proc_pid_stat(5): the state follows the name, which is in parentheses. */
    private static boolean isStopped(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }
}
