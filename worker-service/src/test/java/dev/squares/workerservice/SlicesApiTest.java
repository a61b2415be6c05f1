package dev.squares.workerservice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.Quota;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Several workers, all at once or none, and what they do with the slices of one list. */
class SlicesApiTest extends WorkerServiceTest {
    @Test
    void severalWorkersSquareTheirSlicesOfOneFile() throws IOException {
        Path file = slicedFile(2, 1, 2, 3, 4);
        JsonNode taken = json(take(2));
        assertThat(taken.get("others")).hasSize(1);
        JsonNode other = taken.get("others").get(0);
        assertThat(other.get("pid")).isNotEqualTo(taken.get("pid"));
        assertThat(other.has("others")).isFalse();

        HttpResponse<String> second = square(other.get("id").stringValue(), order(file, 1, "own"));
        HttpResponse<String> first = square(taken.get("id").stringValue(), order(file, 0, null));

        assertThat(first.body()).isEqualTo(
                "{\"pid\":" + taken.get("pid") + ",\"from\":0,\"count\":2,\"sum\":5,\"squares\":[1,4]}\n");
        assertThat(second.body()).isEqualTo(
                "{\"pid\":" + other.get("pid") + ",\"from\":2,\"count\":2,\"sum\":25,\"squares\":[9,16]}\n");
        try (ParentMapping memory = ParentMapping.open(file)) {
            assertThat(memory.isDone()).isTrue();
            assertThat(memory.sum()).isEqualTo(30);
        }
    }

    @Test
    void oneWorkerIsAnsweredAsEver() {
        HttpResponse<String> taken = take(1);
        assertThat(json(taken).propertyNames()).containsExactlyInAnyOrder("id", "pid");
        kill(json(taken).get("id").stringValue());
    }

    @Test
    void noneIsHeldWhereNotAllCanBeHad() {
        String one = take("pooled");
        requireProblem(take(2), 503, "no-worker-available");
        assertThat(pool.status().busy()).isEqualTo(1);
        kill(one);
        JsonNode both = json(take(2));
        assertThat(pool.status().busy()).isEqualTo(2);
        kill(both.get("id").stringValue());
        kill(both.get("others").get(0).get("id").stringValue());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 3})
    void asManyAsThereNeverAreAreRefused(int workers) {
        JsonNode problem = requireProblem(take(workers), 400, "invalid-option");
        assertThat(problem.get("allowed").toString()).isEqualTo("[\"1 to 2\"]");
        assertThat(pool.status().busy()).isZero();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            2,  0, mine, 400, invalid-option
            2, -1, own,  400, invalid-option
            2, 1024, own, 400, invalid-option
            2,  2, own,  422, unprocessable-content
            2,  -, -,    422, unprocessable-content
            0,  0, own,  422, unprocessable-content
            """)
    void sliceThatIsNoneIsRefusedAndTheWorkerStaysHeld(
            int slices, @Nullable Integer slice, @Nullable String sum, int status, String slug) throws IOException {
        String worker = take("pooled");
        requireProblem(square(worker, order(slicedFile(slices, 1, 2, 3, 4), slice, sum)), status, slug);
        assertThat(square(worker, mappedFile(5)).body()).contains("\"squares\":[25]");
    }

    private HttpResponse<String> take(int workers) {
        return post("/workers", "{\"process\":\"pooled\",\"workers\":" + workers + "}");
    }

    private void kill(String worker) {
        assertThat(send(request("/workers/" + worker).DELETE()).statusCode()).isEqualTo(204);
    }

    private Path slicedFile(int slices, long... inputs) throws IOException {
        Path file = coordinators.resolve(UUID.randomUUID().toString());
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(coordinators), slices)) {
            for (long input : inputs) {
                writer.add(input);
            }
            writer.complete();
        }
        return file;
    }

    private static String order(Path file, @Nullable Integer slice, @Nullable String sum) {
        return JSON.writeValueAsString(new JobRequest(coordinatorOf(file), file.getFileName().toString(), "shared",
                "full", 1_000_000, null, null, null, slice, sum));
    }

    private static String coordinatorOf(Path file) {
        return file.getParent().getFileName().toString();
    }
}
