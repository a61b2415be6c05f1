package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a build of the images is given. */
@Execution(ExecutionMode.CONCURRENT)
class DockerfileTest {
    private static final Path ROOT = Path.of("..");

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
        assertThat(Files.readAllLines(ROOT.resolve(".dockerignore")))
                .containsAll(modules.stream().map(module -> "!" + module + "/src/main").toList());
    }
}
