package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.workerservice.WorkerApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class HelpTest {
    private static final Pattern IN_THE_TABLE = Pattern.compile("(?m)^\\| `(squares\\.[a-z.-]+)` \\|(?: `([^`]*)`)?");

    @Test
    void namesEveryPropertyOfTheDocumentsWithItsDefault(CapturedOutput output) throws IOException {
        CoordinatorApplication.main(new String[]{"--server.port=0", "--help"});
        WorkerApplication.main(new String[]{"-h"});

        assertThat(documented()).allSatisfy(property -> assertThat(output.getOut())
                .containsPattern("(?m)^  --" + Pattern.quote(property.group(1))
                        + (property.group(1).equals("squares.worker.cache-directory") || property.group(2) == null
                                ? "$"
                                : "=" + Pattern.quote(property.group(2)) + "$")));
        assertThat(output.getOut())
                .contains("Usage: java -jar coordinator-service.jar", "--server.port=8080",
                        "Usage: java -jar worker-service-exec.jar", "--server.port=8081",
                        "The most integers that a list may have.", "How long a worker that was taken may")
                .doesNotContain("Tomcat");
    }

    private static List<MatchResult> documented() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "configuration.md"));
        List<MatchResult> documented = IN_THE_TABLE.matcher(page).results().toList();
        assertThat(documented).hasSizeGreaterThan(15);
        return documented;
    }
}
