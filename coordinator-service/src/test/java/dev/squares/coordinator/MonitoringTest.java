package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.web.filter.ServerHttpObservationFilter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the dashboard and the page on operations ask for is what the service says of itself, and it does no more. */
class MonitoringTest extends HttpTest {
    private static final Path DASHBOARD = Path.of("../deploy/grafana/squares.json");
    private static final Path OPERATIONS = Path.of("../docs/operations.md");

    private static final Pattern METRIC = Pattern.compile("\\b(?:squares|http|jvm|process|system)_\\w+");
    private static final Pattern LABELS = Pattern.compile("by \\(([^)]*)\\)|\\b(\\w+)=\"");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(squares_\\w+)`");

    @Test
    void everyQueryOfTheDashboardIsOfAMetricAndOfLabelsThatThereAre() throws IOException {
        client.square("", "[1, 2, 3, 4]").requireOk();
        List<String> queries = queries();
        assertThat(queries).isNotEmpty().allMatch(query -> METRIC.matcher(query).find());

        // A request is counted when it has been answered.
        Leftovers.eventually().untilAsserted(() -> {
            List<String> exported = exported();
            for (String query : queries) {
                for (String metric : all(METRIC, query)) {
                    List<String> samples = exported.stream()
                            .filter(line -> line.split("[ {]", 2)[0].equals(metric))
                            .toList();
                    assertThat(samples).as(metric).isNotEmpty();
                    assertThat(labels(query)).as("labels of " + metric)
                            .allSatisfy(label -> assertThat(samples).anyMatch(line -> line.contains(label + "=\"")));
                }
            }
        });
    }

    @Test
    void everyMetricThatIsDocumentedIsOnTheDashboardAndExported() throws IOException {
        client.square("", "[1, 2, 3, 4]").requireOk();
        List<String> documented = DOCUMENTED.matcher(Files.readString(OPERATIONS))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(documented).hasSizeGreaterThan(5)
                .allSatisfy(
                        metric -> assertThat(queries()).anyMatch(query -> query.contains(metric)));

        Leftovers.eventually().untilAsserted(() -> {
            List<String> exported = exported();
            assertThat(documented).allSatisfy(
                    metric -> assertThat(exported).anyMatch(line -> line.startsWith(metric)));
        });
    }

    /** It would be started all the same, and every request would pay for it. */
    @Test
    void nothingIsTracedWithoutAnEndpoint(
            @Autowired ListableBeanFactory beans, @Autowired Environment environment) {
        assertThat(environment.getProperty("logging.expect-correlation-id", Boolean.class)).isFalse();
        assertThat(beans.getBeanNamesForType(ServerHttpObservationFilter.class)).isEmpty();
        assertThat(beans.getBeanDefinitionNames()).noneMatch(
                name -> name.toLowerCase(Locale.ROOT).matches(".*(opentelemetry|otlp|tracer).*"));
    }

    private static List<String> queries() throws IOException {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(DASHBOARD));
        return dashboard.findValues("expr").stream().map(JsonNode::stringValue).toList();
    }

    private List<String> exported() {
        return client.reply(client.request("/actuator/prometheus"))
                .text()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    /** Without the one that who scrapes it adds. */
    private static Set<String> labels(String query) {
        return LABELS.matcher(query)
                .results()
                .flatMap(found -> Arrays.stream((found.group(1) == null ? found.group(2) : found.group(1)).split(",")))
                .map(String::strip)
                .filter(label -> !label.equals("instance"))
                .collect(Collectors.toSet());
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }
}
