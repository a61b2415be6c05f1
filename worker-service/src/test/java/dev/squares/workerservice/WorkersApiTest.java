package dev.squares.workerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.testing.AnotherUser;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

class WorkersApiTest extends WorkerServiceTest {
    @ParameterizedTest
    @ValueSource(strings = {"fresh", "pooled"})
    void squaresInTheSharedFileAndPassesTheReportOn(String process) throws IOException {
        Path file = mappedFile(1, 2, 3, 4);
        HttpResponse<String> taken = post("/workers", "{\"process\":\"" + process + "\"}");

        HttpResponse<String> report = square(json(taken).get("id").stringValue(), file);

        long pid = json(taken).get("pid").longValue();
        assertThat(report.statusCode()).isEqualTo(200);
        assertThat(report.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(report.body())
                .isEqualTo("{\"pid\":" + pid + ",\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}\n");
        try (ParentMapping memory = ParentMapping.open(file)) {
            assertThat(memory.isDone()).isTrue();
            assertThat(memory.childPid()).isEqualTo(pid);
            assertThat(memory.square(3)).isEqualTo(16);
        }
    }

    @Test
    void givesAWorkerBackWhenItsJobHasEnded() {
        for (int i = 0; i < 10; i++) {
            String worker = take("pooled");
            assertThat(square(worker, mappedFile(i)).statusCode()).isEqualTo(200);
            requireProblem(get("/workers/" + worker), 404, "not-found");
            requireProblem(square(worker, mappedFile(i)), 404, "not-found");
        }
    }

    @Test
    void tellsHowItStandsWithAWorkerThatIsHeld() {
        String worker = take("fresh");

        JsonNode state = json(get("/workers/" + worker));

        assertThat(state.get("id").stringValue()).isEqualTo(worker);
        assertThat(ProcessHandle.of(state.get("pid").longValue())).isPresent();
        assertThat(state.get("ending").isNull()).isTrue();
        kill(worker);
    }

    @Test
    void killsAWorkerThatIsNotWanted() {
        String worker = take("pooled");
        long pid = json(get("/workers/" + worker)).get("pid").longValue();

        kill(worker);

        await().atMost(Duration.ofMinutes(1)).until(() -> ProcessHandle.of(pid).isEmpty());
        requireProblem(get("/workers/" + worker), 404, "not-found");
        kill(worker);
    }

    @Test
    void saysWhenThereIsNoWorker() {
        String one = take("fresh");
        String other = take("pooled");

        HttpResponse<String> refused = post("/workers", "{}");

        requireProblem(refused, 503, "no-worker-available");
        assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();
        kill(one);
        kill(other);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "..",
            ".",
            "",
            "/",
            "/etc",
            "squares-../../etc",
            "cache",
            "squares-",
            "squares-0",
            "squares-00000000-0000-0000-0000-00000000000G",
            "squares-00000000-0000-0000-0000-000000000000/.."
    })
    void refusesADirectoryThatNoCoordinatorHas(String directory) {
        String worker = take("pooled");

        JsonNode problem = requireProblem(
                square(worker, order(directory, UUID.randomUUID().toString())), 400, "invalid-option");

        assertThat(problem.get("parameter").stringValue()).isEqualTo("directory");
        stillWorks(worker);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "", "/etc/passwd", "lock", "../squares", "00000000-0000-0000-0000-000000000000\\n"})
    void refusesAFileThatNoCoordinatorMakes(String file) {
        String worker = take("pooled");

        JsonNode problem = requireProblem(
                square(worker, order(coordinators.getFileName().toString(), file)), 400, "invalid-option");

        assertThat(problem.get("parameter").stringValue()).isEqualTo("file");
        stillWorks(worker);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{}",
            "{\"directory\":1}",
            "[]",
            "",
            "{\"directory\":\"squares-00000000-0000-0000-0000-000000000000\",\"file\":null}"
    })
    void refusesAnOrderThatIsNone(String order) {
        String worker = take("pooled");

        assertThat(square(worker, order).statusCode()).isEqualTo(400);

        stillWorks(worker);
    }

    @Test
    void refusesWhatIsNoMappedFile() throws Exception {
        String worker = take("pooled");
        Path missing = coordinators.resolve(UUID.randomUUID().toString());
        Path link = Files.createSymbolicLink(coordinators.resolve(UUID.randomUUID().toString()), mappedFile(1));
        Path device = Files.createSymbolicLink(coordinators.resolve(UUID.randomUUID().toString()),
                Path.of("/dev/zero"));
        Path directory = Files.createDirectory(coordinators.resolve(UUID.randomUUID().toString()));
        Path text = Files.writeString(coordinators.resolve(UUID.randomUUID().toString()), "x".repeat(1000));
        Path empty = Files.createFile(coordinators.resolve(UUID.randomUUID().toString()));
        Path pipe = coordinators.resolve(UUID.randomUUID().toString());
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Path linkedDirectory = Files.createSymbolicLink(
                properties.sharedDirectory().resolve("squares-" + UUID.randomUUID()), coordinators);
        Path behindLink = linkedDirectory.resolve(mappedFile(1).getFileName());

        for (Path file : new Path[]{missing, link, device, directory, text, empty, pipe, behindLink}) {
            JsonNode problem = requireProblem(square(worker, file), 422, "unprocessable-content");
            assertThat(problem.get("detail").stringValue()).doesNotContain(properties.sharedDirectory().toString());
        }

        Files.delete(linkedDirectory);
        stillWorks(worker);
    }

    @Test
    void refusesADirectoryThatOthersCanUse() throws Exception {
        String worker = take("pooled");
        Path open = directory();
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

        requireProblem(square(worker, mappedFileIn(open, 1)), 422, "unprocessable-content");

        FileSystemUtils.deleteRecursively(open);
        stillWorks(worker);
    }

    @Test
    void refusesADirectoryOfSomebodyElse() throws Exception {
        AnotherUser.assumeRoot();
        String worker = take("pooled");
        Path others = directory();
        Path file = mappedFileIn(others, 1);
        AnotherUser.ATTACKER.own(others, file);

        requireProblem(square(worker, file), 422, "unprocessable-content");

        FileSystemUtils.deleteRecursively(others);
        stillWorks(worker);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FRESH", "old", "fresh,pooled"})
    void refusesAKindOfProcessThatDoesNotExist(String process) {
        requireProblem(
                post("/workers", "{\"process\":\"" + process + "\"}"), 400, "invalid-option");
    }

    @Test
    void codeKeepsItsContract() throws IOException {
        WorkerContract.requireSame(get("/v3/api-docs").body());
    }

    @Test
    void servesItsContractHealthAndMetrics() throws IOException {
        HttpResponse<String> contract = get("/openapi.yaml");
        assertThat(contract.headers().firstValue("Content-Type")).contains("application/yaml");
        assertThat(contract.body()).isEqualTo(Files.readString(WorkerContract.FILE));
        assertThat(get("/swagger-ui.html").statusCode()).isIn(200, 302);
        assertThat(json(get("/v3/api-docs/swagger-config")).get("url").stringValue()).isEqualTo("/openapi.yaml");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(json(get("/actuator/health")).at("/components/workers/details/idle").isNumber()).isTrue();
        assertThat(get("/actuator/prometheus").body()).contains("squares_workers{", "squares_worker_start_seconds");
    }

    @Test
    void saysWhetherWorkersCanBeHad() {
        await().atMost(Duration.ofMinutes(1)).until(() -> get("/workers").statusCode() == 204);
    }

    /** As a form or a script of any web page could send it, without asking first. */
    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void lendsNoWorkerForABodyThatIsNotJson(String contentType) {
        HttpRequest.Builder request = request("/workers").POST(BodyPublishers.ofString("{}"));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }

        requireProblem(send(request), 415, "unsupported-media-type");
        assertThat(pool.status().busy()).isZero();
    }

    @Test
    void lendsNoWorkerWithoutABody() {
        assertThat(post("/workers", "").statusCode()).isEqualTo(400);
        assertThat(pool.status().busy()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com", "null", "http://127.0.0.1:8081"})
    void refusesEveryRequestOfAPageInABrowser(String origin) {
        String worker = take("pooled");

        for (HttpRequest.Builder request : List.of(
                request("/workers").header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}")),
                request("/workers/" + worker),
                request("/workers/" + worker).DELETE(),
                request("/readyz"))) {
            requireProblem(send(request.header("Origin", origin)), 403, "forbidden");
        }

        assertThat(pool.status().busy()).isEqualTo(1);
        stillWorks(worker);
    }

    @Test
    void saysSoToAClientThatTakesNoJson() {
        for (HttpRequest.Builder request : List.of(
                request("/workers").header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}")),
                request("/workers/" + UUID.randomUUID()))) {
            requireProblem(send(request.header("Accept", "text/html")), 406, "not-acceptable");
        }
    }

    @Test
    void answersAnUnknownPathWithAProblem() {
        requireProblem(get("/square"), 404, "not-found");
    }

    private void stillWorks(String worker) {
        assertThat(square(worker, mappedFile(5)).body()).contains("\"squares\":[25]");
    }

    private void kill(String worker) {
        assertThat(send(request("/workers/" + worker).DELETE()).statusCode()).isEqualTo(204);
    }
}
