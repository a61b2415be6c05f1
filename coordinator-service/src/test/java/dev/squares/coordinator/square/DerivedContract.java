package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFile;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/**
 * Tells springdoc what this package's code does with a request that it streams and never declares: the options, the list, the
 * statuses, each taken from the code that decides on it. {@code openapi.yaml} is the contract; what is derived here is compared
 * with it, so that neither can change alone.
 */
@Component
final class DerivedContract implements OperationCustomizer {
    private final SquaresProperties properties;

    DerivedContract(SquaresProperties properties) {
        this.properties = properties;
    }

    @Override
    public Operation customize(Operation operation, HandlerMethod method) {
        if (method.getBeanType() == AboutController.class) {
            operation.setResponses(responses(json(new Schema<>()), Stream.of()));
        }
        if (method.getBeanType() != SquareController.class) {
            return operation;
        }
        Stream<Parameter> named = Options.DEFAULT.named()
                .entrySet()
                .stream()
                .map(option -> parameter(option.getKey(), option.getValue()));
        Stream<Parameter> numbers = Stream.of(
                number(Options.PROCESSES, 1, Options.MAX_NUMBER),
                number(Options.PACE, 0, Job.MAX_PACE_MILLIS),
                number(Options.HOLD, 0, Options.MAX_HOLD_SECONDS));
        operation.setParameters(Stream.concat(named, numbers).toList());
        operation.setRequestBody(new RequestBody().required(true).content(json(list())));
        Content both = json(new Schema<>()).addMediaType(
                org.springframework.http.MediaType.TEXT_EVENT_STREAM_VALUE, new MediaType());
        Stream<HttpStatus> ours = Stream.concat(
                Arrays.stream(ProblemType.values()).map(ProblemType::status),
                Stream.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE));
        operation.setResponses(responses(both, ours));
        return operation;
    }

    /** The least is the default. */
    private static Parameter number(String name, int min, int max) {
        Schema<?> schema = new IntegerSchema()._default(min)
                .minimum(BigDecimal.valueOf(min))
                .maximum(BigDecimal.valueOf(max));
        return new QueryParameter().name(name).required(false).schema(schema);
    }

    private static Parameter parameter(String name, Enum<?> byDefault) {
        if (byDefault instanceof Options.Explain) {
            return new QueryParameter().name(name).required(false).schema(new BooleanSchema()._default(false));
        }
        Schema<String> schema = new StringSchema();
        OptionNames.all(byDefault.getDeclaringClass()).forEach(schema::addEnumItemObject);
        schema.setDefault(OptionNames.of(byDefault));
        return new QueryParameter().name(name).required(false).schema(schema);
    }

    private Schema<?> list() {
        BigDecimal max = BigDecimal.valueOf(MappedFile.MAX_INPUT);
        Schema<?> integer = new IntegerSchema().format("int64").minimum(max.negate()).maximum(max);
        return new ArraySchema().items(integer).maxItems((int) properties.maxLength());
    }

    private static ApiResponses responses(Content ok, Stream<HttpStatus> ours) {
        TreeMap<Integer, ApiResponse> byStatus = new TreeMap<>();
        byStatus.put(HttpStatus.OK.value(), new ApiResponse().description("OK").content(ok));
        // What is answered before a request gets here, for the path and the method that this is about, or should not happen.
        Stream<HttpStatus> springs = Stream.of(HttpStatus.NOT_ACCEPTABLE, HttpStatus.MISDIRECTED_REQUEST,
                HttpStatus.INTERNAL_SERVER_ERROR);
        Stream.concat(ours, springs).forEach(status -> byStatus.put(status.value(), problem(status)));
        ApiResponses responses = new ApiResponses();
        byStatus.forEach((status, response) -> responses.addApiResponse(status.toString(), response));
        return responses;
    }

    private static ApiResponse problem(HttpStatus status) {
        Content content = new Content().addMediaType(
                org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE, new MediaType());
        return new ApiResponse().description(status.getReasonPhrase()).content(content);
    }

    private static Content json(Schema<?> schema) {
        return new Content().addMediaType(
                org.springframework.http.MediaType.APPLICATION_JSON_VALUE, new MediaType().schema(schema));
    }
}
