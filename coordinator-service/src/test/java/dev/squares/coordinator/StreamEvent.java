package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.report.MessageResolver;
import com.atlassian.oai.validator.schema.SchemaValidator;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One event of a stream, held against the contract. */
record StreamEvent(String name, int id, String text) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final OpenAPI CONTRACT = new OpenAPIV3Parser().read("static/openapi.yaml");
    private static final SchemaValidator SCHEMAS = new SchemaValidator(CONTRACT, new MessageResolver());

    /** All events of a stream, numbered from 1 on. */
    static List<StreamEvent> all(String stream) {
        assertThat(stream).endsWith("\n\n").doesNotContain("\r");
        List<StreamEvent> events = Arrays.stream(stream.split("\n\n"))
                .filter(event -> !event.equals(":"))
                .map(StreamEvent::of)
                .toList();
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).id).isEqualTo(i + 1);
            assertThat(events.get(i).millis()).isGreaterThanOrEqualTo(i == 0 ? 0 : events.get(i - 1).millis());
        }
        return events;
    }

    /** Those of one name. */
    static List<StreamEvent> named(List<StreamEvent> events, String name) {
        return events.stream().filter(event -> event.name.equals(name)).toList();
    }

    /** The only one of a name. */
    static StreamEvent one(List<StreamEvent> events, String name) {
        List<StreamEvent> found = named(events, name);
        assertThat(found).as(name + " in " + events).hasSize(1);
        return found.getFirst();
    }

    private static StreamEvent of(String lines) {
        String[] parts = lines.split("\n");
        assertThat(parts).as(lines).hasSize(3);
        StreamEvent event = new StreamEvent(
                value(parts[0], "event"), Integer.parseInt(value(parts[1], "id")), value(parts[2], "data"));
        String whole = "{\"event\":\"" + event.name + "\",\"id\":" + event.id + ",\"data\":" + event.text + "}";
        assertThat(SCHEMAS.validate(whole, CONTRACT.getComponents().getSchemas().get("StreamEvent"), "event")
                .getMessages()).as("breaches of openapi.yaml by " + whole).isEmpty();
        return event;
    }

    private static String value(String line, String field) {
        assertThat(line).startsWith(field + ": ");
        return line.substring(field.length() + 2);
    }

    JsonNode json() {
        return JSON.readTree(text);
    }

    JsonNode get(String member) {
        return json().get(member);
    }

    double millis() {
        return get("t").doubleValue();
    }

    String by() {
        return get("by").stringValue();
    }
}
