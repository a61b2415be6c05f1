package dev.squares.worker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotJobTest {
    @Test
    void lineIsWhatTheDocumentationSays() {
        assertThat(new SlotJob(3, Mapping.PRIVATE, View.SUMMARY).line()).isEqualTo("slot 3 private summary");
        assertThat(SlotJob.mailboxLine(Path.of("/a b/c"))).isEqualTo("mailbox /a b/c");
    }

    @Test
    void everyJobComesBack() {
        for (Mapping mapping : Mapping.values()) {
            for (View view : View.values()) {
                SlotJob job = new SlotJob(15, mapping, view);
                assertThat(SlotJob.isOne(job.line())).isTrue();
                assertThat(SlotJob.parse(job.line())).isEqualTo(job);
            }
        }
    }

    @Test
    void everyMailboxComesBack() {
        String line = SlotJob.mailboxLine(Path.of("/a b/c "));
        assertThat(SlotJob.isMailbox(line)).isTrue();
        assertThat(SlotJob.mailbox(line)).isEqualTo(Path.of("/a b/c "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "slot", "slot ", "slot 1", "slot 1 shared", "slot 1 shared full ", "slot  shared full",
            "slot x shared full", "slot 1 SHARED full", "slot 1 shared all", "square 1 shared full"})
    void everythingElseIsRefused(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> SlotJob.parse(line));
    }
}
