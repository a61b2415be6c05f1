package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import tools.jackson.databind.JsonNode;

/** The page as a reader has it: its controls, and what they show. */
final class LivePage {
    /** By what a reader sees, marked or not. */
    private static final String SEEN = """
            const seen = node => node.checkVisibility({checkVisibilityCSS: true, opacityProperty: true}) && node.getClientRects().length > 0;
            """;

    final Browser browser;
    private final String origin;

    LivePage(Browser browser, String origin) {
        this.browser = browser;
        this.origin = origin;
    }

    void load() {
        browser.driver.get(origin + "/");
        await("document.documentElement.dataset.ready === 'true'");
    }

    /** Waits for what a script says. The page itself looks: asked by a test, each look is a way through the driver and back. */
    void await(String condition) {
        browser.driver.executeScript("return (async () => { while (!(" + condition
                + ")) await new Promise(again => setTimeout(again, 25)); })()");
    }

    WebElement find(String selector) {
        return browser.driver.findElement(By.cssSelector(selector));
    }

    LivePage click(String selector) {
        find(selector).click();
        return this;
    }

    LivePage press(CharSequence... keys) {
        new Actions(browser.driver).sendKeys(keys).perform();
        return this;
    }

    LivePage open(String panel) {
        return click("#tabs [aria-controls=" + panel + "]");
    }

    LivePage guess(String value) {
        return click("[name=guess][value=" + value + "]");
    }

    LivePage numbers(String text) {
        WebElement numbers = find("#numbers");
        numbers.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
        return this;
    }

    /** Runs all three, waits for their ends, and shows the last step. */
    LivePage run() {
        if (browser.driver.findElements(By.cssSelector("[name=guess]:checked")).isEmpty()) {
            guess("depends");
        }
        click("#run");
        awaitEnd();
        return click("#last");
    }

    void awaitEnd() {
        await("document.querySelector('#stop').hidden && !document.querySelector('#save-run').disabled");
    }

    /** The step that is shown; null before the first run. */
    String phase() {
        return text("#phases [aria-current=step]");
    }

    /** Shows the last step of a phase. */
    void showPhase(String name) {
        find("#phases")
                .findElements(By.tagName("button"))
                .stream()
                .filter(button -> button.getText().equals(name))
                .findFirst()
                .orElseThrow()
                .click();
        assertThat(phase()).isEqualTo(name);
    }

    /** Null if there is nothing of the kind. */
    String text(String selector) {
        return browser.script("return document.querySelector(arguments[0])?.textContent", selector).asString(null);
    }

    boolean isShown(String selector) {
        return find(selector).isDisplayed();
    }

    /** An experiment, as it is drawn. */
    record Column(
        String ipc,
        String childPid,
        String childFlags,
        String childStrip,
        String childValues,
        String fileValues,
        String parentPid,
        String parentFlags,
        String parentStrip,
        String parentValues,
        String where,
        String sentence,
        String ending
    ) {}

    Column column(String ipc) {
        JsonNode texts = browser.script("""
                return Object.fromEntries([...document.querySelectorAll(`#stage [data-ipc=${arguments[0]}] [data-f]`)]
                    .map(node => [node.dataset.f, node.textContent.replaceAll(/\\s+/g, ' ').trim()]))""", ipc);
        return new Column(ipc, texts.get("childPid").stringValue(), texts.get("childFlags").stringValue(),
                texts.get("childStrip").stringValue(), texts.get("childValues").stringValue(),
                texts.get("fileValues").stringValue(), texts.get("parentPid").stringValue(),
                texts.get("parentFlags").stringValue(), texts.get("parentStrip").stringValue(),
                texts.get("parentValues").stringValue(), texts.get("where").stringValue(),
                texts.get("sentence").stringValue(), texts.get("ending").stringValue());
    }

    Stream<Column> columns() {
        return Stream.of("none", "shared-memory", "message-passing").map(this::column);
    }

    /** The texts in the three drawings that are seen in the colour of a mark. */
    List<String> marked() {
        return Browser.texts(browser.script(SEEN + """
                const root = getComputedStyle(document.documentElement);
                const probe = document.body.appendChild(document.createElement('mark'));
                const colour = getComputedStyle(probe).backgroundColor;
                probe.remove();
                return [...document.querySelectorAll('#stage *')]
                    .filter(node => seen(node) && getComputedStyle(node).backgroundColor === colour)
                    .map(node => node.textContent)""")).toList();
    }

    /** All that the step has drawn, of which motion is no part. */
    String drawn() {
        return browser
                .script("""
                        return ['#stage', '#verdict', '#status', '#summary', '#evidence-runs', '#bytes-table', '#lecture', '#raw']
                            .map(selector => document.querySelector(selector).outerHTML.replaceAll(' moving"', '"')).join('')""")
                .stringValue();
    }

    /** The pids in sentences and drawings, of all panels. */
    List<String> pids() {
        return Browser.texts(browser
                .script("""
                        const text = ['#stage', '#evidence', '#status'].map(id => document.querySelector(id).textContent).join('\\n');
                        return [...text.matchAll(/(?:child|parent|child of|process) (\\d+)/gi)].map(([, pid]) => pid)"""))
                .toList();
    }

    /** The names and values of what is smaller than a number of CSS pixels, among the texts that are seen. */
    List<String> textsBelow(double pixels) {
        return Browser.texts(browser.script(
                SEEN + """
                        return [...document.querySelectorAll('body *')]
                            .filter(node => seen(node) && [...node.childNodes].some(({nodeType, data}) => nodeType === 3 && data.trim()))
                            .filter(node => (size => 0 < size && size < arguments[0])(parseFloat(getComputedStyle(node).fontSize)))
                            .map(node => `${node.tagName} ${node.className} ${getComputedStyle(node).fontSize}: ${node.textContent}`)""",
                pixels)).toList();
    }

    /** What does not fit into the width of the window, or of a box in the drawing, and would be cut or have to be scrolled to. */
    void assertFits() {
        JsonNode wide = browser.script(SEEN + """
                const {clientWidth, scrollWidth} = document.documentElement;
                const outside = [...document.querySelectorAll('body *')]
                    .filter(node => seen(node) && !node.closest('.scroll, .program, pre'))
                    .filter(node => node.getBoundingClientRect().right > clientWidth + 1
                        || node.closest('#stage') && node.clientWidth && node.scrollWidth > node.clientWidth + 1)
                    .map(node => `${node.tagName} ${node.className} ${node.id}`);
                return scrollWidth > clientWidth ? [`page ${scrollWidth} > ${clientWidth}`, ...outside] : outside""");
        assertThat(Browser.texts(wide)).as("wider than the window").isEmpty();
    }

    /** Looks at it as most have it, and as least of it can be shown: in the dark, on the narrowest of phones. */
    void inBothLooks(Runnable look) {
        browser.prefers("prefers-color-scheme", "light");
        browser.size(1280, 800);
        look.run();
        browser.prefers("prefers-color-scheme", "dark");
        browser.size(320, 800);
        look.run();
    }

    /** The streams of the last run of all three, as they came, each held against the contract. */
    List<List<StreamEvent>> streams() {
        List<String> streams = Browser.texts(browser.script("return window.streams")).toList();
        return streams.subList(Math.max(0, streams.size() - 3), streams.size()).stream().map(StreamEvent::all).toList();
    }

    void assertClean() {
        assertThat(browser.messages()).as("console").isEmpty();
        assertThat(browser.requests()).as("asked for")
                .allMatch(url -> url.startsWith(origin + "/") || url.startsWith("blob:" + origin));
    }
}
