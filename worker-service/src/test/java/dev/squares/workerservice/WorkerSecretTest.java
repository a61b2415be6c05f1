package dev.squares.workerservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "squares.worker.secret=s3cret-of-both")
class WorkerSecretTest extends WorkerServiceTest {
    @ParameterizedTest
    @ValueSource(strings = {
            "",
            "Bearer",
            "Bearer ",
            "Bearer s3cret",
            "Bearer s3cret-of-botH",
            "Bearer s3cret-of-both2",
            "s3cret-of-both",
            "Basic s3cret-of-both"
    })
    void lendsNoWorkerToAClientWithoutTheSecret(String authorization) {
        for (String path : new String[]{"/workers", "/%77orkers", "//workers", "/workers;a=b", "/workers/1/square"}) {
            HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
            if (!authorization.isEmpty()) {
                request.header("Authorization", authorization);
            }

            HttpResponse<String> refused = send(request.POST(BodyPublishers.ofString("{}")));

            requireProblem(refused, 401, "unauthorized");
            assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(refused.body()).doesNotContain("s3cret");
        }
        assertThat(pool.status().busy()).isZero();
    }

    @Test
    void lendsAWorkerToAClientWithTheSecretAndTakesItBack() {
        HttpResponse<String> taken = send(withSecret("/workers").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(taken.statusCode()).isEqualTo(201);

        HttpResponse<String> killed = send(withSecret("/workers/" + json(taken).get("id").stringValue()).DELETE());
        assertThat(killed.statusCode()).isEqualTo(204);
    }

    private HttpRequest.Builder withSecret(String path) {
        return request(path).header("Authorization", "bearer s3cret-of-both");
    }

    @Test
    void needsNoSecretForItsHealth() {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health").statusCode()).isNotEqualTo(401);
    }
}
