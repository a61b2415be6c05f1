package dev.squares.service.problem;

import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How constants are written in requests and answers: {@code SHARED_MEMORY} is {@code shared-memory}. */
public final class OptionNames {
    private OptionNames() {}

    /** The word for a constant. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words for every constant of a kind. */
    public static List<String> all(Class<? extends Enum<?>> kind) {
        return Arrays.stream(kind.getEnumConstants()).map(OptionNames::of).toList();
    }

    /**
     * Reads a word, by the letter: one that is almost right would run another job than was meant.
     *
     * @param option what it is the value of
     * @throws ProblemException if it is none of the kind
     */
    public static <E extends Enum<E>> E parse(String option, String word, Class<E> kind) {
        List<String> allowed = all(kind);
        int index = allowed.indexOf(word);
        if (index < 0) {
            throw invalid(option, "The option \"" + option + "\" cannot be \"" + word + "\".", allowed)
                    .with("value", word);
        }
        return kind.getEnumConstants()[index];
    }

    /**
     * The problem of an option that cannot be what it is.
     *
     * @param what what is wrong with it, for a person to read
     */
    public static ProblemException invalid(String option, String what, List<String> allowed) {
        String detail = what + " Allowed: " + String.join(", ", allowed) + ".";
        return new ProblemException(ProblemType.INVALID_OPTION, detail)
                .with("parameter", option)
                .with("allowed", allowed);
    }
}
