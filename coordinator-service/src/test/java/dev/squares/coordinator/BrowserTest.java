package dev.squares.coordinator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** The page in a browser, and real child processes behind it. After every test nothing was said on the console, nor asked elsewhere. */
@ExtendWith(BrowserTest.OneBrowser.class)
abstract class BrowserTest extends HttpTest {
    private static Browser browser;

    LivePage page;

    /** One browser for all classes: it takes seconds to start, and each test loads the page anew, with nothing stored. */
    static final class OneBrowser implements BeforeAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            browser = context.getRoot()
                    .getStore(Namespace.create(OneBrowser.class))
                    .computeIfAbsent(Browser.class, _ -> Browser.start(), Browser.class);
        }
    }

    @BeforeEach
    void openPage() {
        page = browser.open("http://localhost:" + port);
    }

    @AfterEach
    void pageIsClean() {
        page.assertClean();
    }

    Browser browser() {
        return browser;
    }
}
