package dev.squares.service.settings;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with a start, and what to do, in place of a stack trace. */
final class UnknownPropertyAnalyzer extends AbstractFailureAnalyzer<UnknownPropertyException> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, UnknownPropertyException cause) {
        return new FailureAnalysis(cause.getMessage(),
                "Remove it, or correct it. The nearest is " + cause.nearest() + "; --help names them all.", cause);
    }
}
