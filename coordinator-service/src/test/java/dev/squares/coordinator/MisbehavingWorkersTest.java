package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.child.Misbehaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import tools.jackson.databind.JsonNode;

/** Whatever else a worker does, the client is told what happened, and the next request is right. See {@link WorkerEndingsTest}. */
class MisbehavingWorkersTest extends MisbehaviourTest {
    @ParameterizedTest
    @CsvSource({
            "CRASH_BEFORE_MAPPING,   fresh,  41, 0",
            "CRASH_HALFWAY,          pooled, 42, 2",
            "EXIT_SILENTLY,          fresh,  0,  2"
    })
    void tellsHowTheChildOfACrashTerminated(Misbehaviour misbehaviour, String process, int exitCode, int written) {
        assertTellsHowItCrashed(misbehaviour, process, exitCode, written);
    }

    @Test
    void sawNothingOfTheWritesOfAWorkerWithPrivateMemory() {
        JsonNode problem = client.square("?ipc=message-passing", Misbehaviour.CRASH_HALFWAY.list())
                .requireProblem(502, "worker-crashed");

        assertThat(problem.get("written").intValue()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"ENDLESS_NUMBER", "ENDLESS_SPACE", "DEEP_NESTING", "NOTHING_BUT_A_PID", "UNKNOWN_MEMBER",
            "WRONG_KIND"})
    void refusesAReportThatIsNone(Misbehaviour misbehaviour) {
        assertRefusesTheReport(misbehaviour);
    }

    @Test
    void killsAWorkerThatIsNotDoneInTime() {
        assertKillsItInTime(Misbehaviour.HANG_AND_IGNORE_TERM);
    }

    @Test
    void jobThatAStoppedWorkerHasNotBegunIsDoneByAnother() throws IOException, InterruptedException {
        long pid = client.square("?process=pooled", "[1]").requireOk().child().pid();
        signal("STOP", pid);
        // A signal is on its way for a while, and each thread stops for itself.
        Leftovers.eventually().until(() -> isStopped(pid));

        Reply reply = client.square("?process=pooled", "[1,2]").requireOk();

        assertThat(reply.child().squares()).containsExactly(1, 4);
        assertThat(reply.child().pid()).isNotEqualTo(pid);
        assertThat(ProcessHandle.of(pid)).isEmpty();
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
    void killsAWorkerThatComplainsWithoutEndInTimeAndKeepsTheLogOfItShort(CapturedOutput output) {
        int before = output.getAll().length();

        assertKillsItInTime(Misbehaviour.ENDLESS_STDERR);

        assertThat(output.getAll().substring(before)).contains(" of very many").hasSizeLessThan(20_000);
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
