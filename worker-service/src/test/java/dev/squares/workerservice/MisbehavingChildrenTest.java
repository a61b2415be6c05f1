package dev.squares.workerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.squares.worker.parent.WorkerCommand;
import dev.squares.worker.parent.WorkerPool.CommandSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.util.ReflectionTestUtils;
import tools.jackson.databind.JsonNode;

/** Children that are shell scripts, and do what the first number of their list says; and leases that end soon. */
@Import(MisbehavingChildrenTest.Scripts.class)
@TestPropertySource(properties = {
        "squares.worker.timeout=1500ms",
        "squares.worker.kill-grace=100ms",
        "squares.worker.queue-timeout=30s",
        "squares.lease-timeout=5s"
})
class MisbehavingChildrenTest extends WorkerServiceTest {
    private static final int MANY = 20;
    private static final int LAST_WORDS = 101;
    private static final int HALF_A_LONG_REPORT = 102;
    private static final int GARBAGE = 103;
    private static final int HANG = 104;
    private static final int HALF_A_SHORT_REPORT = 105;
    private static final int WRONG_COUNT = 106;
    private static final int ENDLESS_REPORT = 107;

    @Autowired
    Leases leases;

    @TestConfiguration(proxyBeanMethods = false)
    static class Scripts {
        private static final String SCRIPT = """
                while read -r verb file rest; do
                  case $(od -An -td8 -j64 -N8 "$file" | tr -d ' ') in
                    101) echo 'my last words' >&2; kill -9 $$;;
                    102) printf '{"pid":1,"count":99999,"sum":1,"squares":[1'; yes ,1 | head -n 50000 | tr -d '\\n'
                         kill -9 $$;;
                    103) echo 'Hello, world!';;
                    104) touch "$file.begun"; exec sleep 1000;;
                    105) printf '{"pid":1,"count":'; exit 7;;
                    106) echo '{"pid":1,"count":7,"sum":1,"squares":[1]}';;
                    107) printf '{"pid":1,"count":7,"sum":1,"squares":[1'; yes ,1 | tr -d '\\n';;
                    *) echo "{\\"pid\\":$$,\\"count\\":1,\\"sum\\":1,\\"squares\\":[1]}";;
                  esac
                done
                """;

        @Bean
        @Primary
        CommandSource scripted() {
            return _ -> new WorkerCommand(List.of("/bin/sh", "-c", SCRIPT));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {LAST_WORDS, HALF_A_SHORT_REPORT, GARBAGE, WRONG_COUNT})
    void saysHowAChildDiedAsLongAsNothingOfItsReportIsSent(int misbehaviour) {
        String worker = take("pooled");
        HttpResponse<String> answer = square(worker, mappedFile(misbehaviour));

        JsonNode problem = requireProblem(answer, 502, "worker-crashed");

        assertThat(problem.get("exitCode").isNumber()).isTrue();
        assertThat(problem.has("signal")).isTrue();
        assertThat(problem.get("killedByParent").isBoolean()).isTrue();
        assertThat(problem.get("ranForMillis").isNumber()).isTrue();
        assertThat(answer.body()).doesNotContain("last words", "Hello");
        assertThat(ProcessHandle.of(problem.get("pid").longValue())).isEmpty();
        HttpResponse<String> state = get("/workers/" + worker);
        JsonNode ending = json(state).get("ending");
        assertThat(ending.get("word").stringValue()).isIn("crashed", "garbled");
        assertThat(json(state).get("pid").longValue()).isEqualTo(problem.get("pid").longValue());
        assertThat(state.body()).doesNotContain("stderr", "last words", "Hello");
        goesOn();
    }

    @Test
    void breaksTheAnswerOffWhereTheChildBrokeItsReportOff() {
        String worker = take("fresh");
        Path file = mappedFile(HALF_A_LONG_REPORT);

        assertThatThrownBy(() -> square(worker, file)).isInstanceOf(UncheckedIOException.class);

        JsonNode ending = json(get("/workers/" + worker)).get("ending");
        assertThat(ending.get("word").stringValue()).isEqualTo("crashed");
        assertThat(ending.get("exitCode").intValue()).isEqualTo(137);
        goesOn();
    }

    @Test
    void endsAReportThatIsLongerThanItMayBe() {
        String worker = take("fresh");
        Path file = mappedFile(ENDLESS_REPORT);

        assertThatThrownBy(() -> square(worker, file)).isInstanceOf(UncheckedIOException.class);

        assertThat(json(get("/workers/" + worker)).at("/ending/word").stringValue()).isEqualTo("garbled");
        goesOn();
    }

    @Test
    void killsAChildThatIsNotDoneInTime() {
        String worker = take("pooled");
        JsonNode problem = requireProblem(square(worker, mappedFile(HANG)), 504, "worker-timed-out");

        assertThat(problem.get("killedByParent").booleanValue()).isTrue();
        assertThat(ProcessHandle.of(problem.get("pid").longValue())).isEmpty();
        assertThat(json(get("/workers/" + worker)).at("/ending/word").stringValue()).isEqualTo("timed-out");
        goesOn();
    }

    @Test
    void killsAWorkerInTheMiddleOfItsJob() {
        String worker = take("pooled");
        Path file = mappedFile(HANG);
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> square(worker, file));
        await().atMost(PATIENCE).until(() -> Files.exists(Path.of(file + ".begun")));

        send(request("/workers/" + worker).DELETE());

        assertThat(requireProblem(answer.join(), 502, "worker-crashed").get("signal").stringValue())
                .isEqualTo("SIGKILL, sent by the parent");
        goesOn();
    }

    @Test
    void givesAWorkerBackThatIsNotUsed() {
        String worker = take("pooled");
        assertThat(pool.status().busy()).isEqualTo(1);

        await().atMost(PATIENCE).until(() -> pool.status().busy() == 0);

        requireProblem(square(worker, mappedFile(1)), 404, "not-found");
        goesOn();
    }

    @Test
    void givesBackAWorkerThatIsTakenWhileTheTimerOfAnotherIsArmed() {
        take("pooled");
        take("pooled");

        await().atMost(PATIENCE).until(() -> pool.status().busy() == 0);
    }

    @Test
    void armsOneTimerForAllLeasesAndNoneWhereThereIsNone() {
        for (int i = 0; i < MANY; i++) {
            assertThat(square(take("pooled"), mappedFile(i)).statusCode()).isEqualTo(200);
        }

        assertThat(timers()).isLessThanOrEqualTo(1);
        await().atMost(PATIENCE).until(() -> timers() == 0);
    }

    private int timers() {
        return ((ScheduledThreadPoolExecutor) ReflectionTestUtils.getField(leases, "timer")).getQueue().size();
    }

    @Test
    void killsTheWorkerOfAClientThatGoesAwayInTheMiddleOfAReport() throws IOException {
        String worker = take("pooled");
        long pid = json(get("/workers/" + worker)).get("pid").longValue();
        Path file = mappedFile(ENDLESS_REPORT);
        String order = order(
                file.getParent().getFileName().toString(), file.getFileName().toString(), Long.MAX_VALUE);
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.getOutputStream()
                    .write(("POST /workers/" + worker + "/square HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: application/json\r\nContent-Length: " + order.length() + "\r\n\r\n"
                            + order).getBytes(StandardCharsets.US_ASCII));
            InputStream answer = client.getInputStream();
            assertThat(new String(answer.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        }

        await().atMost(PATIENCE).until(() -> ProcessHandle.of(pid).isEmpty());
        goesOn();
    }

    private void goesOn() {
        for (String process : List.of("fresh", "pooled")) {
            assertThat(square(take(process), mappedFile(1)).body()).endsWith(",\"squares\":[1]}\n");
        }
    }
}
