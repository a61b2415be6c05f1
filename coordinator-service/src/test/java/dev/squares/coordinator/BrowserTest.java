package dev.squares.coordinator;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The page in a browser, and real child processes behind it. After every test nothing was said on the console, nor asked elsewhere. */
abstract class BrowserTest extends HttpTest {
    private static Browser browser;

    LivePage page;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }

    @BeforeEach
    void openPage() {
        page = browser.open("http://localhost:" + port);
        browser.size(1280, 800);
    }

    @AfterEach
    void pageIsClean() {
        page.assertClean();
    }

    Browser browser() {
        return browser;
    }
}
