package dev.squares.coordinator.square;

import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.SumMode;
import dev.squares.worker.parent.ProcessKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The query parameters of a request.
 *
 * @param ipc how the result comes back
 * @param process which process does the work
 * @param view how much of the result is shown
 * @param sum how several children add to the one sum
 * @param explain whether both processes show what the kernel says of them
 * @param fault what is made to fail of an explained job
 * @param processes how many children work on the list
 * @param paceMillis how long the child of an explained job rests behind each page of squares
 * @param holdSeconds how long it is held when it has published all of them
 */
record Options(
    Ipc ipc,
    ProcessKind process,
    View view,
    SumMode sum,
    Explain explain,
    Fault fault,
    int processes,
    int paceMillis,
    int holdSeconds
) {
    /** What is not given is this. */
    static final Options DEFAULT = new Options(Ipc.SHARED_MEMORY, ProcessKind.FRESH, View.FULL, SumMode.OWN,
            Explain.FALSE,
            Fault.NONE, 1, 0, 0);

    /** The largest number that is read at all. */
    static final int MAX_NUMBER = 999;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}");
    private static final String IPC = "ipc";
    private static final String PROCESS = "process";
    private static final String VIEW = "view";
    static final String SUM = "sum";
    static final String EXPLAIN = "explain";
    static final String FAULT = "fault";
    static final String PROCESSES = "processes";
    static final String PACE = "pace";
    static final String HOLD = "hold";
    static final int MAX_HOLD_SECONDS = 20;
    private static final List<String> NAMES = Stream
            .concat(DEFAULT.named().keySet().stream(), Stream.of(PROCESSES, PACE, HOLD))
            .toList();

    /** A truth value, read by the letter as the others. */
    enum Explain {
        FALSE,
        TRUE
    }

    /** What is made to fail, and really fails. */
    enum Fault {
        /** Nothing. */
        NONE,
        /** The child is sent SIGKILL when half of the squares are there. */
        KILL,
        /** The child stops when half of the squares are there, and misses its deadline. */
        HANG,
        /** There is a page less shared memory than is needed. */
        FULL,
        /** The child's parent, a stand-in, is sent SIGKILL when half of the squares are there. */
        ORPHAN
    }

    /** Whether the child stops halfway, for something to become of it. */
    boolean stopsHalfway() {
        return fault == Fault.KILL || fault == Fault.HANG || fault == Fault.ORPHAN;
    }

    /** Whether the list is cut into slices, for several children or for the sake of the sum that they would have in common. */
    boolean cooperates() {
        return processes > 1 || addsToOneSum();
    }

    /** Whether the children add to one sum in the shared memory. */
    boolean addsToOneSum() {
        return sum != SumMode.OWN;
    }

    /** How many slices that are; 0 if the list stays in one piece. */
    int slices() {
        return cooperates() ? processes : 0;
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
        named.put(SUM, sum);
        named.put(EXPLAIN, explain);
        named.put(FAULT, fault);
        return named;
    }

    /**
     * Reads them, by the letter: a name or a value that is almost right would run another experiment than was meant.
     *
     * @param maxProcesses the most children that there can be
     * @throws ProblemException if there is one that is not in the contract, or one is given twice
     */
    static Options of(Map<String, String[]> parameters, int maxProcesses) {
        for (String name : parameters.keySet()) {
            if (!NAMES.contains(name)) {
                throw OptionNames.invalid(name, "There is no option \"" + name + "\".", NAMES);
            }
        }
        Options options = new Options(
                option(parameters, IPC, DEFAULT.ipc),
                option(parameters, PROCESS, DEFAULT.process),
                option(parameters, VIEW, DEFAULT.view),
                option(parameters, SUM, DEFAULT.sum),
                option(parameters, EXPLAIN, DEFAULT.explain),
                option(parameters, FAULT, DEFAULT.fault),
                number(parameters, PROCESSES, 1, maxProcesses),
                number(parameters, PACE, 0, Job.MAX_PACE_MILLIS),
                number(parameters, HOLD, 0, MAX_HOLD_SECONDS));
        options.requireExplained(PACE, options.paceMillis == 0, "0");
        options.requireExplained(HOLD, options.holdSeconds == 0, "0");
        options.requireExplained(FAULT, options.fault == Fault.NONE, OptionNames.of(Fault.NONE));
        options.requireMemoryForTheSum();
        options.requireOneToExplain();
        return options;
    }

    private void requireMemoryForTheSum() {
        if (addsToOneSum() && ipc != Ipc.SHARED_MEMORY) {
            throw OptionNames.invalid(SUM,
                    "The children have no sum in common where they share no memory: with ipc=" + OptionNames.of(ipc)
                            + ".",
                    List.of(OptionNames.of(SumMode.OWN)));
        }
    }

    private void requireOneToExplain() {
        if (cooperates() && explains()) {
            throw OptionNames.invalid(EXPLAIN,
                    "Only a list in one piece is explained: leave processes and sum out.",
                    List.of(OptionNames.of(Explain.FALSE)));
        }
    }

    private void requireExplained(String name, boolean isDefault, String byDefault) {
        if (!isDefault && !explains()) {
            throw OptionNames.invalid(name,
                    "The option \"" + name
                            + "\" belongs to the lab (squares.lab), and is for an explained job alone: add explain=true.",
                    List.of(byDefault));
        }
    }

    /** The least is the default. */
    private static int number(Map<String, String[]> parameters, String name, int min, int max) {
        String[] values = parameters.get(name);
        if (values == null) {
            return min;
        }
        List<String> allowed = List.of(min + " to " + max);
        requireOne(name, values, allowed);
        if (!NUMBER.matcher(values[0]).matches() || Integer.parseInt(values[0]) < min
                || Integer.parseInt(values[0]) > max) {
            throw OptionNames.invalid(name, "The option \"" + name + "\" cannot be \"" + values[0] + "\".", allowed)
                    .with("value", values[0]);
        }
        return Integer.parseInt(values[0]);
    }

    private static void requireOne(String name, String[] values, List<String> allowed) {
        if (values.length > 1) {
            throw OptionNames.invalid(
                    name, "The option \"" + name + "\" is given " + values.length + " times.", allowed);
        }
    }

    private static <E extends Enum<E>> E option(Map<String, String[]> parameters, String name, E byDefault) {
        String[] values = parameters.get(name);
        if (values == null) {
            return byDefault;
        }
        Class<E> kind = byDefault.getDeclaringClass();
        requireOne(name, values, OptionNames.all(kind));
        return OptionNames.parse(name, values[0], kind);
    }
}
