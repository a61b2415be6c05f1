package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.parent.ProcessKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void optionsThatAreNotGivenAreTheDefaults() {
        assertThat(Options.of(Map.of())).isEqualTo(new Options(Ipc.SHARED_MEMORY, ProcessKind.FRESH, View.FULL));
    }

    @ParameterizedTest
    @CsvSource({
            "shared-memory,   fresh,  full,    SHARED_MEMORY,   FRESH,  FULL",
            "message-passing, pooled, summary, MESSAGE_PASSING, POOLED, SUMMARY",
            "none,            fresh,  summary, NONE,            FRESH,  SUMMARY"
    })
    void everyOptionIsReadByItsName(String ipc, String process, String view, Ipc parsedIpc, ProcessKind parsedProcess,
            View parsedView) {
        assertThat(Options.of(Map.of("ipc", one(ipc), "process", one(process), "view", one(view))))
                .isEqualTo(new Options(parsedIpc, parsedProcess, parsedView));
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
                .withMessage("There is no option \"IPC\". Allowed: ipc, process, view.");
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
