package dev.squares.coordinator.square;

import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.parent.ProcessKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The query parameters of a request.
 *
 * @param ipc how the result comes back
 * @param process which process does the work
 * @param view how much of the result is shown
 * @param explain whether both processes show what the kernel says of them
 */
record Options(Ipc ipc, ProcessKind process, View view, Explain explain) {
    /** What is not given is this. */
    static final Options DEFAULT = new Options(Ipc.SHARED_MEMORY, ProcessKind.FRESH, View.FULL, Explain.FALSE);

    private static final String IPC = "ipc";
    private static final String PROCESS = "process";
    private static final String VIEW = "view";
    static final String EXPLAIN = "explain";

    /** A truth value, read by the letter as the others. */
    enum Explain {
        FALSE,
        TRUE
    }

    boolean explains() {
        return explain == Explain.TRUE;
    }

    /** The options under the names they have in a query, in the contract's order. */
    Map<String, Enum<?>> named() {
        Map<String, Enum<?>> named = new LinkedHashMap<>();
        named.put(IPC, ipc);
        named.put(PROCESS, process);
        named.put(VIEW, view);
        named.put(EXPLAIN, explain);
        return named;
    }

    /**
     * Reads them, by the letter: a name or a value that is almost right would run another experiment than was meant.
     *
     * @throws ProblemException if there is one that is not in the contract, or one is given twice
     */
    static Options of(Map<String, String[]> parameters) {
        for (String name : parameters.keySet()) {
            List<String> names = List.copyOf(DEFAULT.named().keySet());
            if (!names.contains(name)) {
                throw OptionNames.invalid(name, "There is no option \"" + name + "\".", names);
            }
        }
        return new Options(
                option(parameters, IPC, DEFAULT.ipc),
                option(parameters, PROCESS, DEFAULT.process),
                option(parameters, VIEW, DEFAULT.view),
                option(parameters, EXPLAIN, DEFAULT.explain));
    }

    private static <E extends Enum<E>> E option(Map<String, String[]> parameters, String name, E byDefault) {
        String[] values = parameters.get(name);
        if (values == null) {
            return byDefault;
        }
        Class<E> kind = byDefault.getDeclaringClass();
        if (values.length > 1) {
            throw OptionNames.invalid(
                    name, "The option \"" + name + "\" is given " + values.length + " times.", OptionNames.all(kind));
        }
        return OptionNames.parse(name, values[0], kind);
    }
}
