package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.child.Misbehaviour;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** A coordinator whose workers misbehave, and what a client must be told then. */
@Import(MisbehavingWorkers.class)
@TestPropertySource(properties = {
        "squares.worker.timeout=2s",
        "squares.worker.kill-grace=500ms",
        "squares.worker.queue-timeout=30s"
})
@ExtendWith(OutputCaptureExtension.class)
abstract class MisbehaviourTest extends HttpTest {
    @AfterEach
    void servesTheNextRequest() {
        requireServed("pooled");
    }

    void requireServed(String process) {
        Reply next = client.square("?process=" + process, "[5, 6]").requireOk();
        assertThat(next.child().squares()).containsExactly(25, 36);
        assertThat(next.parent().squares()).containsExactly(25, 36);
    }

    void assertTellsHowItCrashed(Misbehaviour misbehaviour, String process, int exitCode, int written) {
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

    void assertRefusesTheReport(Misbehaviour misbehaviour) {
        Reply reply = client.square("?process=pooled", misbehaviour.list());
        JsonNode problem = reply.requireProblem(502, "worker-crashed");

        assertThat(problem.get("written").intValue()).isEqualTo(2);
        assertThat(problem.get("killedByParent").booleanValue()).isTrue();
        assertThat(problem.get("signal").stringValue()).startsWith("SIGKILL").doesNotContain("memory");
        assertThat(reply.text()).doesNotContain("no report at all").doesNotContain("mood");
        assertGone(problem);
    }

    void assertKillsItInTime(Misbehaviour misbehaviour) {
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

    static void assertGone(JsonNode problem) {
        assertThat(ProcessHandle.of(problem.get("pid").longValue())).isEmpty();
    }
}
