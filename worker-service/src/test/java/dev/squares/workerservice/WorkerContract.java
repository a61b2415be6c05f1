package dev.squares.workerservice;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request.Method;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import dev.squares.worker.testing.Contract;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** Holds exchanges, and what is derived from the code, against {@code openapi.yaml}. */
final class WorkerContract {
    static final Path FILE = Path.of("openapi.yaml");

    private static final Pattern PATHS = Pattern.compile("/workers(/[^/;]+(/square|/word)?)?|/livez|/readyz");

    private static final OpenApiInteractionValidator VALIDATOR = OpenApiInteractionValidator
            .createForSpecificationUrl(FILE.toUri().toString())
            .build();

    private WorkerContract() {}

    /** Every answer to a path of the contract keeps it. */
    static void requireKept(HttpResponse<String> response) {
        String path = response.request().uri().getRawPath();
        if (PATHS.matcher(path).matches()) {
            requireNone(VALIDATOR.validateResponse(
                    path, Method.valueOf(response.request().method()), answer(response)));
        }
    }

    /** A request that is not refused keeps it as well. */
    static void requireKept(String body, HttpResponse<String> response) {
        String path = response.request().uri().getRawPath();
        if (response.statusCode() < 300) {
            requireNone(VALIDATOR.validateRequest(
                    SimpleRequest.Builder.post(path).withContentType("application/json").withBody(body).build()));
        }
    }

    private static void requireNone(ValidationReport breaches) {
        assertThat(breaches.getMessages()).as("breaches of openapi.yaml").isEmpty();
    }

    private static SimpleResponse answer(HttpResponse<String> response) {
        SimpleResponse.Builder answer = SimpleResponse.Builder.status(response.statusCode());
        if (!response.body().isEmpty()) {
            answer.withBody(response.body());
        }
        response.headers().map().forEach(answer::withHeader);
        return answer.build();
    }

    /** Neither the file nor the code can change alone. */
    static void requireSame(String derivedFromTheCode) throws IOException {
        Contract contract = Contract.read(Files.readString(FILE));
        Contract derived = Contract.read(derivedFromTheCode);

        assertThat(derived.operations().keySet()).isEqualTo(contract.operations().keySet());
        contract.assertSame(derived, Contract::parameters);
        contract.assertSame(derived, Contract::body);
        contract.assertSame(derived, Contract::responses);
        for (String[] declared : new String[][]{{"post /workers", "201"}, {"get /workers/{id}", "200"}}) {
            assertThat(answer(derived, declared)).isEqualTo(answer(contract, declared));
        }
    }

    /** Of an operation whose answer the code declares: a report is passed on as it comes. */
    private static Map<String, Object> answer(Contract contract, String[] operationAndStatus) {
        Map<String, Object> responses = Contract.map(
                contract.operations().get(operationAndStatus[0]).get("responses"));
        return Contract.schemas(responses.get(operationAndStatus[1]));
    }
}
