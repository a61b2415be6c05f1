package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** By keyboard alone, on a phone, in a lecture hall, in the dark, without motion. */
class PageForEveryoneTest extends BrowserTest {
    @Test
    void axeFindsNothingAndEverythingFits() {
        page.inBothLooks(() -> assertAccessible("html"));

        page.run();

        // The first panel is open.
        page.inBothLooks(() -> assertAccessible("html"));
        List<WebElement> others = browser().driver
                .findElements(By.cssSelector("#tabs button[aria-expanded=false]"));
        assertThat(others).hasSize(5);
        for (WebElement tab : others) {
            tab.click();
            page.inBothLooks(() -> assertAccessible("#" + tab.getAttribute("aria-controls")));
        }
    }

    private void assertAccessible(String selector) {
        assertThat(page.isShown(selector)).isTrue();
        browser().assertAccessible(selector);
        page.assertFits();
    }

    @Test
    void phoneShowsOneExperimentAndAllThreeResults() {
        browser().size(390, 700);
        page.run();
        page.assertFits();
        browser().size(320, 700);
        page.assertFits();

        assertThat(shownColumns()).containsExactly("none");
        List<WebElement> results = browser().driver.findElements(By.cssSelector("#summary button"));
        assertThat(results).extracting(result -> result.getText().replace('\n', ' '))
                .containsExactly("none []", "shared memory 1 4 9 16", "message passing 1 4 9 16");
        // However far one has scrolled within the drawing.
        browser().driver
                .executeScript("document.querySelector('#stage .parent .seen').scrollIntoView({block: 'start'})");
        assertThat(
                browser().script("return document.querySelector('#summary').getBoundingClientRect().top").doubleValue())
                .isBetween(0.0, 1.0);
        results.get(1).click();
        assertThat(shownColumns()).containsExactly("shared-memory");
        results.get(2).click();
        assertThat(shownColumns()).containsExactly("message-passing");
        page.assertFits();
    }

    @Test
    void keyboardIsEnough() {
        assertThat(tabTo("[name=guess]")).contains("numbers", "length");
        page.press(Keys.SPACE);
        assertThat(page.find("[name=guess]:checked").getAttribute("value")).isEqualTo("nothing");
        tabTo("#run");
        page.press(Keys.SPACE);
        page.awaitEnd();
        page.press(Keys.END);
        assertThat(page.phase()).isEqualTo("end");
        page.press(Keys.ARROW_LEFT);
        assertThat(page.phase()).isNotEqualTo("end");

        for (int i = 1; i <= 3; i++) {
            page.press(Integer.toString(i));
            assertThat(browser().driver.findElements(By.cssSelector(".pick[aria-pressed=true] kbd")))
                    .extracting(WebElement::getText)
                    .containsExactly(Integer.toString(i));
        }
        page.press("p");
        assertThat(page.find("#present").getAttribute("aria-pressed")).isEqualTo("true");
        page.press("p");
        assertThat(page.find("#present").getAttribute("aria-pressed")).isEqualTo("false");

        // From the body, too.
        browser().driver.executeScript("document.activeElement.blur()");
        page.press(Keys.SPACE);
        page.awaitEnd();
    }

    @Test
    void shortcutsCanBeSwitchedOff() {
        page.press("?");
        assertThat(page.isShown("#keys")).isTrue();
        page.click("#keys-on").click("#keys-close");

        page.press("p", "?", Keys.SPACE);

        assertThat(page.isShown("#keys")).isFalse();
        assertThat(page.find("#present").getAttribute("aria-pressed")).isEqualTo("false");
        assertThat(page.isShown("#notice")).isFalse();
        page.load();
        page.press("p");
        assertThat(page.find("#present").getAttribute("aria-pressed")).isEqualTo("false");
    }

    @Test
    void hallCanReadEveryTextOnOneScreen() {
        page.press("p");
        page.run();

        Map.of(1280, 720, 1920, 1080).forEach((width, height) -> {
            browser().size(width, height);
            assertThat(page.textsBelow(24)).isEmpty();
            assertThat(page.isShown("#evidence")).isFalse();
            page.assertFits();
            assertThat(browser().script("return document.documentElement.scrollHeight").intValue())
                    .isLessThanOrEqualTo(height);
            assertThat(page.marked()).containsExactly("p", "s", "p", "the message");
        });
        assertThat(page.columns()).extracting(LivePage.Column::parentValues)
                .containsExactly("[] sum 0", "1 4 9 16 sum 30", "1 4 9 16 sum 30");
    }

    @Test
    void hallSeesLongListsToo() {
        page.press("p");
        for (String numbers : List.of("1..4092", "1..65532")) {
            page.numbers(numbers).run();

            assertThat(page.textsBelow(24)).isEmpty();
            page.assertFits();
            page.click("#first");
        }
    }

    @Test
    void themeFollowsTheSystemUntilTheReaderChooses() {
        browser().prefers("prefers-color-scheme", "dark");
        String dark = background();
        browser().prefers("prefers-color-scheme", "light");
        String light = background();
        assertThat(light).isNotEqualTo(dark);

        page.click("#theme").click("#theme");
        assertThat(page.text("#theme-name")).isEqualTo("dark");
        assertThat(background()).isEqualTo(dark);
        page.load();
        assertThat(background()).isEqualTo(dark);
        page.click("#theme");
        assertThat(background()).isEqualTo(light);
    }

    @Test
    void motionIsForThoseWhoWantIt() {
        page.run();

        assertThat(animationOfACopiedPage("no-preference")).isEqualTo("peel");
        assertThat(animationOfACopiedPage("reduce")).isEqualTo("none");
    }

    /** Plays the run from the step before. The page itself looks, however late a test is told of it. */
    private String animationOfACopiedPage(String preference) {
        browser().prefers("prefers-reduced-motion", preference);
        page.showPhase("squaring");
        browser().driver.executeScript("""
                window.animation = undefined;
                const cell = document.querySelector('#stage [data-ipc=none] .child .cell');
                new MutationObserver((changes, observer) => {
                    if (!cell.closest('.moving[data-event=published]')) return;
                    window.animation = getComputedStyle(cell).animationName;
                    observer.disconnect();
                }).observe(document.querySelector('#stage'), {subtree: true, attributes: true});
                """);
        page.click("#play");
        page.await("window.animation");
        return browser().script("return window.animation").stringValue();
    }

    /** Tabs to a control, and sees the focus at every stop. */
    private List<String> tabTo(String selector) {
        WebElement wanted = page.find(selector);
        List<String> passed = new ArrayList<>();
        WebElement focused;
        do {
            page.press(Keys.TAB);
            focused = browser().driver.switchTo().activeElement();
            assertThat(passed).as("stops before " + selector).hasSizeLessThan(50);
            passed.add(
                    focused.getAttribute("name").isEmpty() ? focused.getAttribute("id") : focused.getAttribute("name"));
            assertThat(focused.getCssValue("outline-style")).as("focus of " + passed.getLast()).isEqualTo("solid");
            assertThat(focused.getCssValue("outline-width")).isEqualTo("3px");
        } while (!focused.equals(wanted));
        return passed;
    }

    private List<String> shownColumns() {
        return browser().driver.findElements(By.cssSelector("#stage .run"))
                .stream()
                .filter(WebElement::isDisplayed)
                .map(run -> run.getAttribute("data-ipc"))
                .toList();
    }

    private String background() {
        return page.find("html").getCssValue("background-color");
    }
}
