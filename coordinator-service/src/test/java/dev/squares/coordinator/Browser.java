package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Debian's Chromium, without a window. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String AXE = axe();

    /** Keeps the streams as they came, beside the page. */
    private static final String RECORDER = """
            window.streams = [];
            const real = window.fetch;
            window.fetch = async (url, options) => {
                const response = await real(url, options);
                if (options?.method === 'POST') response.clone().text().then(text => window.streams.push(text), () => {});
                return response;
            };
            """;

    final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the test where there is no Chromium, and fails it where there must be one. */
    static Browser start() {
        if (!Files.isExecutable(CHROMIUM) || !Files.isExecutable(DRIVER)) {
            String missing = "The page is tested in a browser: there is no " + CHROMIUM + " or no " + DRIVER
                    + ". On Debian: apt install chromium chromium-driver";
            return "true".equals(System.getenv("CI")) ? fail(missing) : abort(missing);
        }
        // It wants classes for this very version of Chromium, of which nothing is used here.
        Logger.getLogger("org.openqa.selenium").setLevel(Level.SEVERE);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        // Containers have neither the namespaces for its sandbox nor much in /dev/shm. It loads nothing but our own page.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                "--disable-background-networking", "--disable-component-update", "--no-first-run",
                // A page that was left is not kept, and no renderer is started for one that may come.
                "--disable-features=BackForwardCache,SpareRendererForSitePerProcess");
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.setExperimentalOption("perfLoggingPrefs", Map.of("enableNetwork", true, "enablePage", false));
        // Both paths are given: Selenium looks for nothing, and downloads nothing.
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options));
        browser.driver.manage().timeouts().scriptTimeout(Leftovers.PATIENCE);
        browser.devTools("Page.addScriptToEvaluateOnNewDocument", Map.of("source", RECORDER));
        return browser;
    }

    /** A child of this JVM that no coordinator has started. */
    static boolean isDriver(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/chromedriver");
    }

    /**
     * In the one tab, without what a test has left in it. A new tab starts a renderer of its own, and so does an empty page in
     * between.
     */
    LivePage open(String origin) {
        devTools("Storage.clearDataForOrigin", Map.of("origin", origin, "storageTypes", "all"));
        devTools("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        size(1280, 800);
        network(false);
        messages();
        requests();
        LivePage page = new LivePage(this, origin);
        page.load();
        return page;
    }

    /** In CSS pixels; narrower than a window could be, too. */
    void size(int width, int height) {
        devTools("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** What the reader has told the system, such as {@code prefers-color-scheme}. */
    void prefers(String feature, String value) {
        devTools("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", feature, "value", value))));
    }

    void goOffline() {
        network(true);
    }

    private void network(boolean offline) {
        devTools("Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    Map<String, Object> devTools(String command, Map<String, Object> parameters) {
        return driver.executeCdpCommand(command, parameters);
    }

    /** A value made of what JSON has. */
    JsonNode script(String body, Object... arguments) {
        return JSON.readTree((String) driver.executeScript(
                "return JSON.stringify((function() {" + body + "}).apply(null, arguments) ?? null)", arguments));
    }

    /** What the console has been told since this was last asked. */
    List<String> messages() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(Object::toString).toList();
    }

    /** The addresses that were asked for since this was last asked. */
    List<String> requests() {
        return driver.manage()
                .logs()
                .get(LogType.PERFORMANCE)
                .getAll()
                .stream()
                .map(entry -> JSON.readTree(entry.getMessage()).get("message"))
                .filter(message -> message.get("method").stringValue().equals("Network.requestWillBeSent"))
                .map(message -> message.get("params").get("request").get("url").stringValue())
                .toList();
    }

    /** Holds what a selector finds against WCAG 2.2 AA, and against what else axe knows. */
    void assertAccessible(String selector) {
        if (!script("return Boolean(window.axe)").booleanValue()) {
            driver.executeScript(AXE);
        }
        Object found = driver.executeAsyncScript(
                """
                        const done = arguments[1];
                        axe.run(arguments[0], {resultTypes: ['violations']}).then(({violations}) => done(violations.flatMap(({id, nodes}) =>
                            nodes.map(node => `${id}: ${node.target} ${node.failureSummary}`))), error => done([String(error)]));
                        """,
                selector);
        assertThat((List<?>) found).as("what axe finds in " + selector).isEmpty();
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::stringValue);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
