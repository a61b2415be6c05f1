package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** A run is its events: any step of it can be shown again, at any time. */
@TestInstance(Lifecycle.PER_CLASS)
class PageStepsTest extends BrowserTest {
    /** Once: the tests show steps of one run, in any order. */
    @Override
    @BeforeEach
    void openPage() {
        if (page == null) {
            super.openPage();
            page.guess("nothing").run();
        }
        page.click("#last");
    }

    @Test
    void everyStepIsTheSameForwardsAndBackwards() {
        List<String> backwards = new ArrayList<>(List.of(page.drawn()));
        while (!isOff("#back")) {
            page.press(Keys.ARROW_LEFT);
            backwards.addFirst(page.drawn());
        }

        assertThat(page.phase()).isEqualTo("received");
        assertThat(backwards).hasSizeGreaterThan(9).doesNotHaveDuplicates();
        for (String drawn : backwards.subList(1, backwards.size())) {
            page.click("#forward");
            assertThat(page.drawn()).isEqualTo(drawn);
        }
        assertThat(isOff("#forward")).isTrue();

        page.press(Keys.HOME);
        assertThat(page.drawn()).isEqualTo(backwards.getFirst());
        page.press(Keys.END);
        assertThat(page.drawn()).isEqualTo(backwards.getLast());
        page.click("#back").click("#first").press(Keys.ARROW_RIGHT);
        assertThat(page.drawn()).isEqualTo(backwards.get(1));
    }

    @Test
    void stepsTellWhatHasHappenedUntilThen() {
        page.showPhase("received");
        assertThat(page.column("none").childPid()).isEmpty();
        assertThat(page.column("none").sentence()).contains("has received 4 numbers and made the file");
        assertThat(page.marked()).containsExactly("the message");

        page.showPhase("mapped");
        assertThat(page.columns()).extracting(LivePage.Column::childFlags).containsExactly("rw-p", "rw-s", "rw-p");
        assertThat(page.columns()).extracting(LivePage.Column::childStrip).doesNotContain("c");

        page.showPhase("squaring");
        assertThat(page.columns()).extracting(LivePage.Column::sentence)
                .containsExactly(
                        "The child has squared 4 of 4. The parent sees none.",
                        "The child has squared 4 of 4. The parent sees 4.",
                        "The child has squared 4 of 4. The parent sees none.");
        assertThat(page.columns()).extracting(LivePage.Column::parentValues).containsOnly("has not looked yet");

        page.showPhase("end");
        assertThat(page.columns()).extracting(LivePage.Column::sentence)
                .allMatch(sentence -> sentence.startsWith(
                        "The child reported 4 squares. The parent saw "));
        assertThat(page.text("#took")).matches("[\\d.,]+ ms, shown [\\d,.]+ times slower");
    }

    @Test
    void savedRunIsTheSameAtEveryStepWithoutTheServer(@TempDir Path downloads) throws IOException {
        browser().devTools("Browser.setDownloadBehavior",
                Map.of("behavior", "allow", "downloadPath", downloads.toString(), "eventsEnabled", false));
        page.open("save").click("#save-run");
        File saved = downloads.resolve("squares-run.json").toFile();
        Leftovers.eventually().until(saved::exists);
        List<String> live = drawnFromTheEndToTheBeginning();

        page.load();
        browser().goOffline();
        page.open("save").find("#open-run").sendKeys(saved.toString());
        page.await("document.querySelector('#phases button')");
        page.click("#last");

        assertThat(Files.readString(saved.toPath())).contains("\"squares-run\"");
        assertThat(page.find("[name=guess][value=nothing]").isSelected()).isTrue();
        assertThat(drawnFromTheEndToTheBeginning()).isEqualTo(live);
    }

    private List<String> drawnFromTheEndToTheBeginning() {
        List<String> drawn = new ArrayList<>(List.of(page.drawn()));
        while (!isOff("#back")) {
            drawn.add(page.press(Keys.ARROW_LEFT).drawn());
        }
        return drawn;
    }

    private boolean isOff(String button) {
        return page.find(button).getAttribute("aria-disabled").equals("true");
    }
}
