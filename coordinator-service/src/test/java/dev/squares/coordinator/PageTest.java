package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page's files, as a browser gets them. */
class PageTest extends HttpTest {
    /** In HTML, and in modules. */
    private static final Pattern LOADED = Pattern.compile(
            "(?:<script[^>]* src=|<link[^>]* href=|\\bfrom |\\bimport )[\"'](?:\\./)?([^\"']+)[\"']");

    @Test
    void rootIsThePage() {
        Reply page = client.reply(client.request("/"));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.text()).startsWithIgnoringCase("<!doctype html>").contains("<html lang=\"en\"");
    }

    @Test
    void pageAndAllThatItLoadsComeFromHereUnderAPolicyThatForbidsAllElse() {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> toLoad = new ArrayDeque<>(Set.of(""));
        while (!toLoad.isEmpty()) {
            String path = toLoad.pop();
            if (seen.add(path)) {
                Reply file = client.reply(client.request("/" + path));
                assertThat(file.status()).as(path).isEqualTo(200);
                assertThat(file.header("Content-Security-Policy")).as(path)
                        .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                                + "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
                assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
                if (path.endsWith(".js")) {
                    assertThat(file.header("Content-Type")).as(path).contains("javascript");
                }
                Matcher loaded = LOADED.matcher(file.text());
                while (loaded.find()) {
                    toLoad.add(loaded.group(1));
                }
            }
        }
        assertThat(seen).contains("app.css", "main.js", "run.js", "state.js", "draw.js")
                .allMatch(path -> path.matches("[\\w.]*"));
    }

    @Test
    void pageHasNoScriptNorStyleOfItsOwn() {
        String page = client.reply(client.request("/")).text();

        assertThat(page).doesNotContain("<style")
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("\\s(style|on\\w+)=");
    }

    @Test
    void swaggerUiHasNoPolicyOfThePage() {
        assertThat(client.reply(client.request("/swagger-ui/index.html")).header("Content-Security-Policy"))
                .isEmpty();
    }
}
