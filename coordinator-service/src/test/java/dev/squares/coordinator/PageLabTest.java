package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What fails, really fails; and the page says how. */
class PageLabTest extends BrowserTest {
    @BeforeEach
    void openTheLab() {
        page.press("l");
        assertThat(page.isShown("#lab")).isTrue();
    }

    @Test
    void endingSaysWhoEndedTheChildAndWhatIsLeftOfItsWork() {
        page.press("1");
        fail("hang");
        assertEndedHalfway("none", "504 Worker timed out", "the parent", 0, "signal: SIGTERM")
                .anyMatch(fact -> fact.matches("after: [\\d.]+ m?s"));

        page.press("2");
        fail("orphan");
        assertEndedHalfway("shared-memory", "502 Worker crashed", "itself, because its input had ended", 2,
                "adopted by: ");
    }

    @Test
    void childThatWasKilledIsToldOfAndTheNextRunIsAllRight() {
        page.press("2");
        fail("kill");
        assertEndedHalfway("shared-memory", "502 Worker crashed", "the parent, because the lab asked for it", 2,
                "signal: SIGKILL").anyMatch(fact -> fact.matches("after: [\\d.]+ m?s"));
        page.assertFits();
        browser().assertAccessible("html");

        page.run();

        assertThat(page.isShown("#stage [data-ipc=message-passing]")).isTrue();
        assertThat(page.columns()).extracting(LivePage.Column::parentValues)
                .containsExactly("[] sum 0", "1 4 9 16 sum 30", "1 4 9 16 sum 30");
    }

    @Test
    void fullSaysHowMuchIsMissing() {
        fail("full");

        assertThat(facts("none", "507 Shared memory full")).anyMatch(fact -> fact.startsWith("needed: "))
                .anyMatch(fact -> fact.startsWith("available: "));
        // Chromium itself writes down every status that is an error.
        assertThat(browser().messages()).singleElement()
                .asString()
                .contains("the server responded with a status of 507");
    }

    @Test
    void heldChildCanBeReadByHandAndStopped() throws IOException, InterruptedException {
        slide("#hold", 20);
        page.guess("depends").click("#run");
        String held = "#stage [data-ipc=none] [data-f=hold]";
        page.await("[...document.querySelectorAll('#stage [data-f=hold]')].every(hold => !hold.hidden)");

        List<String> lines = browser().driver.findElements(By.cssSelector(held + " code"))
                .stream()
                .map(WebElement::getText)
                .toList();
        String child = page.column("none").childPid();
        assertThat(lines).contains("cat /proc/" + child + "/maps", "kill -9 " + child);
        Process cat = new ProcessBuilder(lines.getFirst().split(" ")).start();
        String maps = new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        cat.waitFor();
        assertThat(maps.lines()).contains(page.text("#evidence-runs [data-ipc=none] [data-f=childMaps]"));

        page.click("#stop");
        page.awaitEnd();

        assertThat(page.columns()).allSatisfy(column -> {
            assertThat(column.ending()).contains("you, with Stop", "4 of 4 squares");
            assertThat(column.sentence()).startsWith("You closed the request here.");
        });
        Leftovers.eventually().until(() -> pool.status().busy() == 0);
    }

    @Test
    void pacedChildIsWatchedAsItWrites() {
        slide("#pace", 4);
        // The length that fills 16 pages.
        page.find("#length").sendKeys(Keys.END, Keys.ARROW_LEFT, Keys.ARROW_LEFT);
        assertThat(page.text("#curl-lines")).contains("pace=100");

        page.run();

        assertThat(page.streams()).allSatisfy(stream -> assertThat(stream.stream()
                .filter(event -> event.name().equals("progress"))
                .map(event -> event.get("childWrote").intValue())).hasSizeGreaterThan(2)
                .doesNotHaveDuplicates()
                .isSorted());
    }

    private void fail(String fault) {
        page.click("[data-fault=" + fault + "] button");
        page.awaitEnd();
        page.click("#last");
    }

    private void slide(String slider, int steps) {
        page.find(slider).sendKeys(Keys.ARROW_RIGHT.toString().repeat(steps));
    }

    /** @param how what one of the facts begins with */
    private ListAssert<String> assertEndedHalfway(String ipc, String title, String by, int inTheFile, String how) {
        return assertThat(facts(ipc, title))
                .contains("ended by: " + by, "the child wrote: 2 of 4 squares",
                        "in the file: " + inTheFile + " of 4 squares")
                .anyMatch(fact -> fact.startsWith(how))
                .anyMatch(fact -> fact.matches("the parent saw: (none|2)"));
    }

    /** What is said below a title. */
    private List<String> facts(String ipc, String title) {
        String ending = "#stage [data-ipc=" + ipc + "] [data-f=ending]";
        assertThat(page.text(ending + " h3")).isEqualTo(title);
        return Browser.texts(browser().script("""
                return [...document.querySelectorAll(arguments[0] + ' dt')]
                    .map(dt => `${dt.textContent}: ${dt.nextElementSibling.textContent}`)""", ending)).toList();
    }
}
