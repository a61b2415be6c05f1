package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The pages lead where they say. */
@Execution(ExecutionMode.CONCURRENT)
class DocsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern SLUG = Pattern.compile("urn:squares:problem:([a-z-]+)$", Pattern.MULTILINE);

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !ROOT.relativize(file).toString().matches("(.*/)?(target|\\.git|node_modules)/.*"))
                    .toList();
        }
    }

    @Test
    void everyLinkWithinTheProjectLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            Matcher link = LINK.matcher(prose(page));
            while (link.find()) {
                String target = link.group(1);
                if (!target.matches("[a-z]+:.*")) {
                    links++;
                    if (!leadsSomewhere(page, target)) {
                        broken.add(ROOT.relativize(page) + ": " + target);
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(100);
    }

    private static boolean leadsSomewhere(Path page, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path page) throws IOException {
        return HEADING.matcher(prose(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static String prose(Path page) throws IOException {
        return FENCE.matcher(Files.readString(page)).replaceAll("");
    }

    /** A snapshot is of the version that comes next, whose changes are not released yet. */
    @Test
    void buildContractsAndChangelogAreOfOneVersion() throws IOException {
        String build = first("pom.xml", "<artifactId>squares</artifactId>\\s*<version>([^<]+)<");
        String changelog = first("CHANGELOG.md", "(?m)^## \\[([^]]+)]");

        for (String contract : List.of("openapi.yaml", "worker-service/openapi.yaml")) {
            assertThat(first(contract, "(?m)^  version: (\\S+)$")).isEqualTo(build.replace("-SNAPSHOT", ""));
        }
        assertThat(changelog).isEqualTo(build.endsWith("-SNAPSHOT") ? "Unreleased" : build);
    }

    private static String first(String file, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(ROOT.resolve(file)));
        assertThat(found.find()).as(pattern + " in " + file).isTrue();
        return found.group(1);
    }

    @Test
    void everyKindOfProblemHasAHeadingAndNoOtherHas() throws IOException {
        Set<String> slugs = SLUG.matcher(Files.readString(ROOT.resolve("openapi.yaml")))
                .results()
                .map(slug -> slug.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        // Of what is refused before an operation of the contract is found.
        slugs.addAll(Set.of("not-found", "method-not-allowed"));
        assertThat(HEADING.matcher(prose(ROOT.resolve("docs/problems.md"))).results().skip(1).map(h -> h.group(1)))
                .containsExactlyInAnyOrderElementsOf(slugs);
    }
}
