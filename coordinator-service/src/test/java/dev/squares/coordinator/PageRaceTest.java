package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.testing.Signals;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Several children and one sum, on the page. */
class PageRaceTest extends BrowserTest {
    /** Of the squares of 1 to 1,000,000. */
    private static final String TRUE_SUM = "333333833333500000";

    private int runs;

    /** How much is lost, and whether anything is, is up to the scheduler: what is said of it is true in any case. */
    @Test
    void lossIsWhatTheSumIsShortOfAndNothingWhereChildrenSynchronize() {
        int lossy = 0;
        for (int run = 1; run <= 3 || lossy == 0 && run <= 20; run++) {
            run("unsynchronized");

            BigInteger lost = new BigInteger(field("lost"));
            assertThat(new BigInteger(field("sum")).add(lost)).isEqualTo(TRUE_SUM);
            assertThat(field("trueSum")).isEqualTo(TRUE_SUM);
            assertThat(lostColour()).isEqualTo(colour(lost.signum() == 0 ? "--green" : "--orange"));
            assertThat(page.text("#race-status"))
                    .startsWith(lost.signum() == 0 ? "No update was lost this time." : "Updates were lost.");
            assertThat(rows()).hasSize(Math.min(run, 8));
            assertThat(rows().getFirst()).startsWith("unsynchronized 4 1000000 " + field("sum") + " " + lost + " ");
            lossy += lost.signum();
        }
        assertThat(lossy).as("runs that lost updates").isPositive();

        assertNothingIsLost("atomic");
        assertNothingIsLost("locked");
        assertEverybodySeesIt();
    }

    private void assertNothingIsLost(String sum) {
        run(sum);

        assertThat(field("sum")).isEqualTo(TRUE_SUM);
        assertThat(field("trueSum")).isEqualTo(TRUE_SUM);
        assertThat(field("lost")).isEqualTo("0");
        assertThat(lostColour()).isEqualTo(colour("--green"));
        assertThat(page.text("#race-status")).startsWith("No update was lost.");
        assertThat(page.text("#race-run")).isEqualTo("Run again");
        assertEveryChildAndItsSliceAreThoseOfTheAnswer();
    }

    private void assertEveryChildAndItsSliceAreThoseOfTheAnswer() {
        page.await("window.streams.length === " + runs);
        List<StreamEvent> stream = StreamEvent
                .all(browser().script("return window.streams.at(-1)").stringValue());
        List<String> expected = StreamEvent.named(stream, "reported")
                .stream()
                .sorted((a, b) -> Long.compare(a.get("from").longValue(), b.get("from").longValue()))
                .map(event -> {
                    long from = event.get("from").longValue();
                    long count = event.get("count").longValue();
                    return ", pid " + event.get("pid") + " slice " + (from + 1) + ".." + (from + count) + " " + count
                            + " squares own sum " + event.get("sum");
                })
                .toList();
        assertThat(expected).hasSize(4);
        assertThat(boxes()).zipSatisfy(expected, (box, end) -> assertThat(box).endsWith(end));
        assertThat(Browser.texts(browser().script(
                "return [...document.querySelectorAll('#slices progress')].map(slice => String(slice.value === slice.max))")))
                .hasSize(4)
                .containsOnly("true");
    }

    /** And a hall the three experiments alone. */
    private void assertEverybodySeesIt() {
        page.inBothLooks(() -> {
            browser().assertAccessible("#race");
            page.assertFits();
            assertThat(browser()
                    .script("""
                            return [...document.querySelectorAll('#race *')].filter(node => node.scrollWidth > node.clientWidth + 1
                                && getComputedStyle(node).display !== 'inline' && node.clientWidth).map(node => node.outerHTML)"""))
                    .isEmpty();
        });
        page.press("p");
        assertThat(page.isShown("#race")).isFalse();
        page.press("p");
        assertThat(page.isShown("#race")).isTrue();
    }

    @Test
    void otherListsAndFewerChildrenCanBeHadAndTheLastRunsAreListed() {
        Map<Integer, String> sums = Map.of(4, "30", 1000, "333833500", 100_000, "333338333350000");
        List<Integer> counts = List.of(1000, 100_000, 4, 4, 4, 4, 4, 4, 4);
        // Each child of a run is a process that starts anew.
        page.find("#processes").sendKeys(Keys.HOME);
        for (int run = 0; run < counts.size(); run++) {
            int count = counts.get(run);
            String sum = sums.get(count);
            page.click("#race [name=count][value='" + count + "']");
            run("atomic");

            assertThat(field("sum")).isEqualTo(sum);
            assertThat(boxes()).hasSize(2);
            assertThat(rows()).hasSize(Math.min(run + 1, 8))
                    .first()
                    .asString()
                    .startsWith("atomic 2 " + count + " " + sum + " 0 ");
            assertThat(page.text("#race-curl")).contains("processes=2&sum=atomic&view=summary")
                    .contains(count == 4 ? "'[1, 2, 3, 4]'" : "seq -s, " + count + ")");
        }
        assertThat(rows().getLast()).startsWith("atomic 2 100000 ");
    }

    @Test
    void refusalIsShownInWords() {
        page.click("#race [name=count][value='4']");
        // As of a server that has been started again, with fewer.
        browser().driver.executeScript("document.querySelector('#processes').max = 9");
        page.find("#processes").sendKeys(Keys.END);
        run("atomic");

        assertThat(page.text("#race-status")).isEqualTo("The server refused the request: 400, Invalid option.");
        assertThat(page.text("#race .ending")).contains("400 Invalid option", "\"processes\" cannot be \"9\"");
        assertThat(page.isShown("#race-drawing")).isFalse();
        assertThat(rows()).isEmpty();
        // Chromium itself writes down every status that is an error.
        assertThat(browser().messages()).singleElement().asString().contains("a status of 400");
        page.find("#processes").sendKeys(Keys.HOME);
        run("atomic");
        assertThat(page.isShown("#race .ending")).isFalse();
        assertThat(rows()).hasSize(1);
    }

    @Test
    void childThatIsKilledEndsTheRunAndThePageSaysWhich() throws IOException, InterruptedException {
        List<ProcessHandle> stopped = startWithStoppedWorkers();
        page.await("document.querySelector('#racers').textContent.includes('pid')");
        ProcessHandle child = stopped.stream()
                .filter(worker -> page.text("#racers").matches("(?s).*pid " + worker.pid() + "\\b.*"))
                .findFirst()
                .orElseThrow();
        long killed = child.pid();
        child.destroyForcibly();
        resume(stopped.stream().filter(worker -> !worker.equals(child)).toList());
        awaitEnd();

        assertThat(page.text("#race-status")).isEqualTo("The answer is a problem: 502, Worker crashed.");
        assertThat(page.text("#race .ending")).contains("502 Worker crashed", "process " + killed, "SIGKILL");
        assertThat(page.text("#racers .gone")).contains("pid " + killed);
        assertThat(field("lost")).isEqualTo("not known");
        assertThat(rows()).isEmpty();
    }

    @Test
    void runCanBeStopped() throws IOException, InterruptedException {
        for (Runnable stop : List.<Runnable>of(() -> page.press(Keys.ESCAPE), () -> page.click("#race-stop"))) {
            List<ProcessHandle> stopped = startWithStoppedWorkers();
            page.await("document.querySelector('#racers').textContent.includes('pid')");
            assertThat(page.isShown("#race .ending")).isFalse();
            stop.run();
            awaitEnd();
            resume(stopped);

            assertThat(page.text("#race-status")).startsWith("You closed the request here");
            assertThat(page.text("#race .ending")).contains("you, with Stop");
            Leftovers.eventually().until(() -> pool.status().busy() == 0);
        }
    }

    /** None of its children adds before all are there. */
    private List<ProcessHandle> startWithStoppedWorkers() throws IOException, InterruptedException {
        Leftovers.eventually().until(() -> pool.status().idle() == properties.worker().standby());
        List<ProcessHandle> workers = ProcessHandle.current()
                .children()
                .filter(Predicate.not(Browser::isDriver))
                .toList();
        assertThat(workers).isNotEmpty();
        for (ProcessHandle worker : workers) {
            Signals.send("STOP", worker.pid());
        }
        page.click("#race [name=count][value='1000']");
        choose("locked");
        page.click("#race-run");
        return workers;
    }

    /** Those of them that the coordinator has not ended meanwhile. */
    private static void resume(List<ProcessHandle> workers) throws InterruptedException {
        for (ProcessHandle worker : workers) {
            try {
                Signals.send("CONT", worker.pid());
            } catch (IOException e) {
                Leftovers.eventually().until(() -> !worker.isAlive());
            }
        }
    }

    @Test
    void keyboardIsEnough() {
        tabTo("#processes");
        page.press(Keys.ARROW_LEFT);
        tabTo("#race [name=sum]:checked");
        page.press(Keys.ARROW_RIGHT);
        tabTo("#race [name=count]:checked");
        page.press(Keys.ARROW_LEFT);
        tabTo("#race-run");
        page.press(Keys.SPACE);
        awaitEnd();

        assertThat(rows()).singleElement().asString().startsWith("atomic 3 100000 333338333350000 0 ");
        assertThat(page.streams()).as("what was asked for").hasSize(1);
    }

    @Test
    void serverWithOneChildHasNoRace(@TempDir Path directory) {
        try (Coordinator one = Coordinator.start(directory, "--squares.worker.max-processes=1")) {
            page = browser().open("http://localhost:" + one.port());
            assertThat(page.isShown("#race-form")).isFalse();
            assertThat(page.text("#race-off")).contains("squares.worker.max-processes");
            assertThat(page.isShown("#race-off")).isTrue();
        }
    }

    private void choose(String sum) {
        page.click("#race [name=sum][value=" + sum + "]");
    }

    private void run(String sum) {
        choose(sum);
        page.click("#race-run");
        awaitEnd();
        runs++;
    }

    private void awaitEnd() {
        page.await("document.querySelector('#race-stop').hidden");
    }

    /** Without what makes digits legible. */
    private String field(String name) {
        return page.text("#race [data-f=" + name + "]").replace(",", "");
    }

    private List<String> rows() {
        return texts("#race-runs tbody tr");
    }

    private List<String> boxes() {
        return texts("#racers article");
    }

    private List<String> texts(String selector) {
        return Browser.texts(browser().script("""
                return [...document.querySelectorAll(arguments[0])].map(node => [...node.querySelectorAll('td, h3, p')]
                    .map(part => part.textContent.replaceAll(/(?<=\\d),(?=\\d)/g, '').trim()).join(' '))""", selector))
                .toList();
    }

    private String lostColour() {
        return page.find("#race [data-f=lost]").getCssValue("color");
    }

    private String colour(String name) {
        browser().driver.executeScript("""
                const probe = document.createElement('i');
                probe.id = 'probe';
                probe.style.color = `var(${arguments[0]})`;
                document.body.append(probe);""", name);
        String colour = page.find("#probe").getCssValue("color");
        browser().driver.executeScript("document.querySelector('#probe').remove()");
        return colour;
    }

    private void tabTo(String selector) {
        WebElement wanted = browser().driver.findElement(By.cssSelector(selector));
        for (int stops = 0; !browser().driver.switchTo().activeElement().equals(wanted); stops++) {
            assertThat(stops).as("stops before " + selector).isLessThan(50);
            page.press(Keys.TAB);
        }
        assertThat(wanted.getCssValue("outline-style")).isEqualTo("solid");
        assertThat(wanted.getCssValue("outline-width")).isEqualTo("3px");
    }
}
