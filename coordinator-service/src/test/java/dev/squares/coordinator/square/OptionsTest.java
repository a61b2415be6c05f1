package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.squares.coordinator.square.Options.Explain;
import dev.squares.coordinator.square.Options.Fault;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.parent.ProcessKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class OptionsTest {
    @Test
    void optionsThatAreNotGivenAreTheDefaults() {
        assertThat(Options.of(Map.of()))
                .isEqualTo(
                        new Options(Ipc.SHARED_MEMORY, ProcessKind.FRESH, View.FULL, Explain.FALSE, Fault.NONE, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({
            "shared-memory,   fresh,  full,    false, SHARED_MEMORY,   FRESH,  FULL,    FALSE",
            "message-passing, pooled, summary, false, MESSAGE_PASSING, POOLED, SUMMARY, FALSE",
            "none,            fresh,  summary, true,  NONE,            FRESH,  SUMMARY, TRUE"
    })
    void everyOptionIsReadByItsName(String ipc, String process, String view, String explain, Ipc parsedIpc,
            ProcessKind parsedProcess,
            View parsedView, Explain parsedExplain) {
        assertThat(Options
                .of(Map.of("ipc", one(ipc), "process", one(process), "view", one(view), "explain", one(explain))))
                .isEqualTo(new Options(parsedIpc, parsedProcess, parsedView, parsedExplain, Fault.NONE, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"ipc, None", "ipc, shared_memory", "ipc, ''", "process, 'fresh '", "view, FULL"})
    void valueThatIsAlmostRightIsRefusedByName(String option, String value) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Options.of(Map.of(option, one(value))))
                .withMessageStartingWith("The option \"" + option + "\" cannot be \"" + value + "\". Allowed: ")
                .extracting(ProblemException::type)
                .isEqualTo(ProblemType.INVALID_OPTION);
    }

    @Test
    void optionThatIsGivenTwiceIsRefusedThoughBothValuesAreTheSame() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Options.of(Map.of("ipc", new String[]{"none", "none"})))
                .withMessage("The option \"ipc\" is given 2 times. Allowed: shared-memory, message-passing, none.");
    }

    @Test
    void optionThatDoesNotExistIsRefused() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Options.of(Map.of("IPC", one("none"))))
                .withMessage("There is no option \"IPC\". Allowed: ipc, process, view, explain, fault, pace, hold.");
    }

    @ParameterizedTest
    @CsvSource({"SHARED_MEMORY, SHARED", "MESSAGE_PASSING, PRIVATE", "NONE, PRIVATE"})
    void memoryIsSharedInOneExperimentAlone(Ipc ipc, Mapping mapping) {
        assertThat(ipc.mapping()).isEqualTo(mapping);
    }

    private static String[] one(String value) {
        return new String[]{value};
    }
}
