package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.Evidence;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** What the page shows is what the processes did. */
class PageRunTest extends BrowserTest {
    /** Of the slider: four numbers, then 1, 4, 16, 64 and 256 pages. */
    private static final int STOPS = 6;

    @Test
    void asksForAGuessAndNamesTheParentBeforeTheFirstRun() {
        String parent = client.get("/about").json().get("pid").asString();

        assertThat(page.text("h1")).isEqualTo("One process writes. Does the other see it?");
        assertThat(page.find("#numbers").getAttribute("value")).isEqualTo("[1, 2, 3, 4]");
        assertThat(page.columns()).hasSize(3).allSatisfy(column -> {
            assertThat(column.parentPid()).isEqualTo(parent).isEqualTo(Long.toString(ProcessHandle.current().pid()));
            assertThat(column.childPid()).isEmpty();
        });

        page.click("#run");

        assertThat(page.text("#notice")).startsWith("Guess first.");
        assertThat(page.streams()).isEmpty();
    }

    @Test
    void oneClickShowsThreeAnswersTheOneDifferenceAndEveryPid() {
        page.guess("squares").run();

        assertThat(page.columns()).extracting(LivePage.Column::childValues)
                .containsOnly("1 4 9 16 sum 30");
        assertThat(page.columns()).extracting(LivePage.Column::fileValues)
                .containsExactly("0 0 0 0", "1 4 9 16", "0 0 0 0");
        assertThat(page.columns()).extracting(LivePage.Column::parentValues)
                .containsExactly("[] sum 0", "1 4 9 16 sum 30", "1 4 9 16 sum 30");
        assertThat(page.columns()).extracting(LivePage.Column::childFlags).containsExactly("rw-p", "rw-s", "rw-p");
        assertThat(page.columns()).extracting(LivePage.Column::parentFlags).containsOnly("r--s");
        assertThat(page.marked()).containsExactly("p", "s", "p", "the message");
        assertThat(page.text("#verdict")).startsWith("You guessed that the parent sees the squares. It depends");

        List<List<StreamEvent>> streams = page.streams();
        assertThat(streams).hasSize(3);
        Set<String> told = streams.stream()
                .flatMap(List::stream)
                .map(StreamEvent::json)
                .flatMap(event -> Stream.of("pid", "ppid").filter(event::has).map(event::get).map(JsonNode::asString))
                .collect(Collectors.toSet());
        assertThat(page.pids()).hasSizeGreaterThan(9).isSubsetOf(told);
        assertThat(page.columns()).allSatisfy(column -> assertThat(told).contains(column.childPid()));
    }

    @Test
    void lettersAreTheKernelsAtEveryStopUpToTheLongestList() throws IOException {
        for (int stop = 1; stop < STOPS; stop++) {
            page.find("#length").sendKeys(Keys.ARROW_RIGHT);
            page.run();

            List<String> pages = page.streams().stream().map(PageRunTest::lastPagesOfTheChild).toList();
            assertThat(page.columns()).extracting(LivePage.Column::childStrip)
                    .containsExactlyInAnyOrderElementsOf(pages);
            // The list that fills four pages.
            if (stop == 2) {
                assertOnlySquaresAreCopied();
            }
        }
        assertThat(page.column("shared-memory").childStrip()).hasSize(256);
    }

    /** Inputs that share no page with squares are not copied. */
    private void assertOnlySquaresAreCopied() throws IOException {
        int count = (4 * Evidence.pageSize() - 64) / 16;
        assertThat(page.find("#numbers").getAttribute("value")).isEqualTo("1.." + count);
        assertThat(page.column("none").childStrip()).matches("c[fF]cc");
        assertThat(page.column("message-passing").childStrip()).matches("c[fF]cc");
        assertThat(page.column("shared-memory").childStrip()).matches("[fF]{4}");
        assertThat(page.columns()).extracting(LivePage.Column::parentStrip).allMatch(strip -> strip.matches("[fF]{4}"));
        assertThat(page.text("#evidence-runs [data-ipc=none]")).contains("Page 1 holds inputs alone");
    }

    private static String lastPagesOfTheChild(List<StreamEvent> stream) {
        return stream.stream()
                .filter(event -> event.json().has("evidence"))
                .map(event -> event.get("evidence"))
                .filter(evidence -> evidence.get("readBy").stringValue().equals("child"))
                .reduce((first, second) -> second)
                .orElseThrow()
                .get("pages")
                .stringValue();
    }
}
