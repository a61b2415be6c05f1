package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.coordinator.square.ShortListFilter.Begun;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /square}, as {@code openapi.yaml} has it. */
@RestController
final class SquareController {
    static final String PATH = "/square";

    private final Experiment experiment;
    private final JobMeters meters;
    private final Laboratory lab;
    private final SendRate rate;
    private final int maxProcesses;

    SquareController(
            Experiment experiment, JobMeters meters, Laboratory lab, SendRate rate, SquaresProperties properties) {
        this.experiment = experiment;
        this.meters = meters;
        this.lab = lab;
        this.rate = rate;
        this.maxProcesses = properties.worker().maxProcesses();
    }

    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    void square(HttpServletRequest request, HttpServletResponse response) throws Exception {
        boolean stream = wantsStream(request);
        requireNotEncoded(request);
        Options options = Options.of(request.getParameterMap(), maxProcesses);
        try (Laboratory.Place _ = lab.enter(options)) {
            if (stream) {
                stream(options, request, new EventStream(options, request, response, rate));
            } else {
                answer(options, request, new PlainAnswer(response, rate));
            }
        }
    }

    private void answer(Options options, HttpServletRequest request, PlainAnswer answer) throws Exception {
        Begun begun = ShortListFilter.begun(request);
        if (begun == null) {
            experiment.run(options, request, request.getInputStream(), new Stopwatch(meters), answer);
        } else {
            experiment.run(options, request, begun.body(), begun.stopwatch(), answer);
        }
    }

    private void stream(Options options, HttpServletRequest request, EventStream events) throws Exception {
        try {
            experiment.run(options, request, request.getInputStream(), new Stopwatch(meters), events);
            events.end();
        } catch (Exception e) {
            events.end(e);
        }
    }

    /** Whether JSON is what the client takes. */
    static boolean wantsJson(HttpServletRequest request) {
        try {
            return !wantsStream(request);
        } catch (HttpMediaTypeNotAcceptableException | IllegalArgumentException e) {
            return false;
        }
    }

    /** A stream is for those alone who name it: whoever takes anything gets JSON. */
    private static boolean wantsStream(HttpServletRequest request) throws HttpMediaTypeNotAcceptableException {
        String header = String.join(",", Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
        if (header.isBlank()) {
            return false;
        }
        List<MediaType> accepted = new ArrayList<>(MediaType.parseMediaTypes(header));
        accepted.removeIf(type -> type.getQualityValue() == 0);
        MimeTypeUtils.sortBySpecificity(accepted);
        for (MediaType type : accepted) {
            if (type.equalsTypeAndSubtype(MediaType.TEXT_EVENT_STREAM)) {
                return true;
            }
            if (type.includes(MediaType.APPLICATION_JSON)) {
                return false;
            }
        }
        throw new HttpMediaTypeNotAcceptableException(
                List.of(MediaType.APPLICATION_JSON, MediaType.TEXT_EVENT_STREAM));
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
