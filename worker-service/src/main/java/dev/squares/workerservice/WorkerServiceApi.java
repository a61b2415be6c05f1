package dev.squares.workerservice;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;

/** What springdoc cannot derive of this service's contract: what it is, and that every error is a problem detail. */
@Configuration(proxyBeanMethods = false)
class WorkerServiceApi {
    static final String PROBLEM = "Problem";

    @Bean
    OpenAPI workerServiceContract() {
        Schema<?> problem = new ObjectSchema();
        List.of("type", "title", "detail", "instance", "action")
                .forEach(member -> problem.addProperty(member, new StringSchema()));
        return new OpenAPI()
                .info(new Info().title("squares: worker-service")
                        .version("1.0.0")
                        .description("Lends worker processes to a coordinator that shares a directory with it."))
                .components(new Components().addResponses(PROBLEM, new ApiResponse()
                        .description("A problem detail of RFC 9457")
                        .content(new Content().addMediaType(MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                                new io.swagger.v3.oas.models.media.MediaType().schema(problem)))));
    }
}
