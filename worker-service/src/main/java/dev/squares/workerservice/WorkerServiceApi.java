package dev.squares.workerservice;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;

/** What springdoc cannot derive for the comparison with the contract: that every error is a problem detail. */
@Configuration(proxyBeanMethods = false)
class WorkerServiceApi {
    static final String PROBLEM = "Problem";

    @Bean
    OpenAPI derivedContract() {
        return new OpenAPI().components(new Components().addResponses(PROBLEM, new ApiResponse()
                .content(new Content().addMediaType(MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                        new io.swagger.v3.oas.models.media.MediaType()))));
    }
}
