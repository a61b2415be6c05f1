package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a build of the images is given. */
@Execution(ExecutionMode.CONCURRENT)
class DockerfileTest {
    private static final Path ROOT = Path.of("..");

    private static final Path LET_IN = ROOT.resolve(".dockerignore");

    /** By name: below a folder that is left out, Podman 4 finds nothing that a pattern with a wildcard lets in. */
    @Test
    void sourcesOfEveryModuleAreLetInByName() throws IOException {
        List<String> modules = Pattern.compile("<module>(.+)</module>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1))
                .filter(module -> Files.isDirectory(ROOT.resolve(module).resolve("src/main")))
                .toList();

        assertThat(modules).contains("worker-process");
        assertThat(Files.readAllLines(LET_IN))
                .containsAll(modules.stream().map(module -> "!" + module + "/src/main").toList());
    }

    @Test
    void whatIsCopiedIsLetIn() throws IOException {
        List<PathMatcher> letIn = Files.readAllLines(LET_IN)
                .stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> FileSystems.getDefault().getPathMatcher("glob:" + line.substring(1)))
                .toList();
        List<Path> copied = Files.readAllLines(ROOT.resolve("Dockerfile"))
                .stream()
                .filter(line -> line.startsWith("COPY ") && !line.startsWith("COPY --from="))
                .flatMap(line -> Arrays.stream(line.split(" ")).skip(1).takeWhile(word -> !word.endsWith("/")))
                .filter(word -> !word.equals("."))
                .map(Path::of)
                .toList();

        assertThat(copied).contains(Path.of("pom.xml")).allSatisfy(path -> {
            assertThat(ROOT.resolve(path)).exists();
            assertThat(letIn).as("what .dockerignore lets in").anyMatch(pattern -> pattern.matches(path));
        });
    }
}
