package dev.squares.coordinator.square;

import dev.squares.service.client.ClientWatch.ClientGoneException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /square}, as {@code openapi.yaml} has it. */
@RestController
final class SquareController {
    private final Experiment experiment;

    SquareController(Experiment experiment) {
        this.experiment = experiment;
    }

    @PostMapping(path = "/square", consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    void square(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ClientGoneException, HttpMediaTypeNotSupportedException {
        requireNotEncoded(request);
        experiment.run(Options.of(request.getParameterMap()), request, response);
    }

    /** There may be several headers, and several encodings in each. See RFC 9110, 8.4. */
    private static void requireNotEncoded(HttpServletRequest request) throws HttpMediaTypeNotSupportedException {
        for (String header : Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING))) {
            for (String encoding : header.split(",")) {
                if (!encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity")) {
                    HttpMediaTypeNotSupportedException e = new HttpMediaTypeNotSupportedException(
                            MediaType.APPLICATION_JSON, List.of(MediaType.APPLICATION_JSON));
                    e.getBody().setDetail("Content-Encoding '" + encoding.strip() + "' is not supported.");
                    throw e;
                }
            }
        }
    }
}
