package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitStatusTest {
    @ParameterizedTest
    @CsvSource({"129, SIGHUP", "130, SIGINT", "131, SIGQUIT", "132, SIGILL", "134, SIGABRT", "135, SIGBUS",
            "136, SIGFPE", "137, SIGKILL", "139, SIGSEGV", "141, SIGPIPE", "143, SIGTERM", "152, SIGXCPU",
            "159, SIGSYS"})
    void signalIsNamedAndExplained(int code, String name) {
        ExitStatus status = new ExitStatus(code);
        assertThat(status.signal()).startsWith(name + ", ");
        assertThat(status.isKill()).isEqualTo(code == 137);
    }

    @ParameterizedTest
    @CsvSource({"138, SIGBUS", "140, SIGSYS", "137, SIGKILL", "139, SIGSEGV", "152, SIGXCPU"})
    void signalHasTheNumberOfItsSystem(int code, String name) {
        assertThat(new ExitStatus(code).signal("Mac OS X")).startsWith(name + ", ");
    }

    @ParameterizedTest
    @CsvSource({"135, signal 7", "159, signal 31"})
    void numberOfAnotherSystemIsNoStory(int code, String signal) {
        assertThat(new ExitStatus(code).signal("Mac OS X")).isEqualTo(signal);
    }

    @ParameterizedTest
    @CsvSource({"133, signal 5", "138, signal 10", "162, signal 34", "192, signal 64"})
    void signalWithoutAStoryHasItsNumber(int code, String signal) {
        assertThat(new ExitStatus(code).signal()).isEqualTo(signal);
    }

    /** What TerminateProcess leaves, an access violation and the end by Ctrl-C; and what would be a signal elsewhere. */
    @ParameterizedTest
    @ValueSource(ints = {1, 0xC000_0005, 0xC000_013A, 137, 143})
    void windowsHasNoSignals(int code) {
        assertThat(new ExitStatus(code).signal("Windows Server 2025")).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 64, 65, 74, 127, 128, 193, 255})
    void exitCodeIsNoSignal(int code) {
        assertThat(new ExitStatus(code).signal()).isNull();
        assertThat(new ExitStatus(code).isKill()).isFalse();
    }
}
