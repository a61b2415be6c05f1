package dev.squares.worker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobTest {
    @Test
    void lineIsWhatTheDesignSays() {
        Job job = new Job(Path.of("/dev/shm/list"), Job.Mapping.SHARED, Job.View.FULL);
        assertThat(job.line()).isEqualTo("square /dev/shm/list shared full");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "/dev/shm/list", "/a b/c  d", " leading", "trailing ", "shared full",
            "tab\there", "x explained", "x explained 12", "x explained 0 halfway", "halfway",
            "x slice 1 own", "slice 1 own", "quote\"'\\"})
    void everyNameComesBack(String name) {
        for (Job.Mapping mapping : Job.Mapping.values()) {
            for (Job.View view : Job.View.values()) {
                assertComesBack(new Job(Path.of(name), mapping, view));
                for (SumMode sum : SumMode.values()) {
                    assertComesBack(new Job(Path.of(name), mapping, view, new Job.Slice(0, sum)));
                    assertComesBack(new Job(Path.of(name), mapping, view, new Job.Slice(1023, sum)));
                }
                for (int pace : new int[]{0, 7, 500}) {
                    assertComesBack(new Job(Path.of(name), mapping, view, true, pace, false, null));
                    assertComesBack(new Job(Path.of(name), mapping, view, true, pace, true, null));
                }
            }
        }
    }

    @Test
    void lineOfASliceNamesItsNumberAndTheSum() {
        Job job = new Job(Path.of("list"), Job.Mapping.SHARED, Job.View.SUMMARY, new Job.Slice(1, SumMode.LOCKED));
        assertThat(job.line()).isEqualTo("square list shared summary slice 1 locked");
    }

    private static void assertComesBack(Job job) {
        assertThat(Job.parse(job.line())).isEqualTo(job);
    }

    @Test
    @EnabledIfSystemProperty(named = "sun.jnu.encoding", matches = "UTF-8", disabledReason = "no such names here")
    void nameOfAnyScriptComesBack() {
        everyNameComesBack("naïve ☃ 😀");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            ``,                          not a job: ""
            `square`,                    not a job: "square"
            `square list`,               not a job: "square list"
            `square shared full`,        not a job: "square shared full"
            `square  shared full`,       not a job: "square  shared full"
            ` square list shared full`,  not a job: " square list shared full"
            `SQUARE list shared full`,   not a job: "SQUARE list shared full"
            `cube list shared full`,     not a job: "cube list shared full"
            `squarelist shared full`,    not a job: "squarelist shared full"
            `square list SHARED full`,   unknown word: "SHARED"
            `square list copied full`,   unknown word: "copied"
            `square list shared  full`,  unknown word: ""
            `square list shared all`,    unknown word: "all"
            `square list shared full `,  unknown word: "full"
            `square list shared full halfway`, unknown word: "full"
            `square list shared full explained halfway`, unknown word: "explained"
            `square list shared full slice 0`, unknown word: "slice"
            `square list shared full slice 0 mine`, unknown word: "mine"
            `square list shared full slice -1 own`, unknown word: "-1"
            `square list shared full explained slice 0 own`, unknown word: "full"
            """)
    void everythingElseIsRefusedWithTheUsage(String line, String complaint) {
        assertThatIllegalArgumentException().isThrownBy(() -> Job.parse(line))
                .withMessage(complaint
                        + "; usage: square <file> <shared|private> <full|summary>"
                        + " [explained [<pace> [halfway]] | slice <number> <own|unsynchronized|atomic|locked>]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\r\nb", "\n"})
    void nameThatWouldEndTheLineIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Job(Path.of(name), Job.Mapping.SHARED, Job.View.FULL));
    }
}
