package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.squares.coordinator.square.Options.Explain;
import dev.squares.coordinator.square.Options.Fault;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.SumMode;
import dev.squares.worker.parent.ProcessKind;
import java.util.HashMap;
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
        assertThat(Options.of(Map.of(), 4))
                .isEqualTo(
                        new Options(Ipc.SHARED_MEMORY, ProcessKind.FRESH, View.FULL, SumMode.OWN, Explain.FALSE,
                                Fault.NONE, 1, 0, 0));
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
                .of(Map.of("ipc", one(ipc), "process", one(process), "view", one(view), "explain", one(explain)), 4))
                .isEqualTo(new Options(parsedIpc, parsedProcess, parsedView, SumMode.OWN, parsedExplain,
                        Fault.NONE, 1, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"ipc, None", "ipc, shared_memory", "ipc, ''", "process, 'fresh '", "view, FULL"})
    void valueThatIsAlmostRightIsRefusedByName(String option, String value) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Options.of(Map.of(option, one(value)), 4))
                .withMessageStartingWith("The option \"" + option + "\" cannot be \"" + value + "\". Allowed: ")
                .extracting(ProblemException::type)
                .isEqualTo(ProblemType.INVALID_OPTION);
    }

    @Test
    void optionThatIsGivenTwiceIsRefusedThoughBothValuesAreTheSame() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Options.of(Map.of("ipc", new String[]{"none", "none"}), 4))
                .withMessage("The option \"ipc\" is given 2 times. Allowed: shared-memory, message-passing, none.");
    }

    @Test
    void optionThatDoesNotExistIsRefused() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Options.of(Map.of("IPC", one("none")), 4))
                .withMessage(
                        "There is no option \"IPC\". Allowed: ipc, process, view, sum, explain, fault, processes, pace, hold.");
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "processes=1, 0", "processes=2, 2", "processes=4, 4", "processes=1&sum=own, 0",
            "sum=atomic, 1", "processes=3&sum=unsynchronized, 3"})
    void listIsCutWhereSeveralChildrenWorkOnItOrAddToOneSum(String query, int slices) {
        assertThat(Options.of(parameters(query), 4).slices()).isEqualTo(slices);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    processes=0 | The option "processes" cannot be "0". Allowed: 1 to 4.
                    processes=5 | The option "processes" cannot be "5". Allowed: 1 to 4.
                    processes=two | The option "processes" cannot be "two". Allowed: 1 to 4.
                    sum=Atomic | The option "sum" cannot be "Atomic". Allowed: own, unsynchronized, atomic, locked.
                    sum=atomic&ipc=none | The children have no sum in common where they share no memory: with ipc=none. Allowed: own.
                    sum=locked&ipc=message-passing | The children have no sum in common where they share no memory: with ipc=message-passing. Allowed: own.
                    processes=2&explain=true | Only a list in one piece is explained: leave processes and sum out. Allowed: false.
                    sum=atomic&explain=true | Only a list in one piece is explained: leave processes and sum out. Allowed: false.
                    """)
    void whatSeveralChildrenCannotDoIsRefusedWithTheReason(String query, String message) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Options.of(parameters(query), 4))
                .withMessage(message)
                .extracting(ProblemException::type)
                .isEqualTo(ProblemType.INVALID_OPTION);
    }

    private static Map<String, String[]> parameters(String query) {
        Map<String, String[]> parameters = new HashMap<>();
        for (String parameter : query.split("&")) {
            String[] parts = parameter.split("=");
            if (parts.length == 2) {
                parameters.put(parts[0], one(parts[1]));
            }
        }
        return parameters;
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
