package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OomKillsTest {
    @TempDir
    private Path directory;

    @Test
    void everyKillIsTakenNoteOfOnce() throws IOException {
        Path events = Files.writeString(directory.resolve("memory.events"), "oom 7\noom_kill 5\noom_group_kill 0\n");
        OomKills kills = new OomKills(events);
        assertThat(kills.another()).isFalse();

        Files.writeString(events, "oom 8\noom_kill 5\noom_group_kill 1\n");
        assertThat(kills.another()).isFalse();

        Files.writeString(events, "oom 9\noom_kill 6\noom_group_kill 1\n");
        assertThat(kills.another()).isTrue();
        assertThat(kills.another()).isFalse();
    }

    @Test
    void olderControlGroupsAreUnderstood() throws IOException {
        Path control = Files.writeString(directory.resolve("memory.oom_control"),
                "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
        OomKills kills = new OomKills(control);
        Files.writeString(control, "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        assertThat(kills.another()).isTrue();
    }

    @Test
    void withoutACountNobodyIsBlamed() {
        assertThat(new OomKills(null).another()).isFalse();
        assertThat(new OomKills(directory.resolve("missing")).another()).isFalse();
        assertThat(OomKills.ofThisProcess().another()).isFalse();
    }
}
