package dev.squares.worker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.Yaml;

/** An OpenAPI document, checked in or derived from code, with what its references stand for in their place. */
public final class Contract {
    /** What of a schema can be derived: all but its prose. */
    private static final List<String> KEYWORDS = List.of("type", "format", "enum", "default", "minimum", "maximum",
            "maxItems", "pattern");

    private final Map<String, Object> document;

    private Contract(Map<String, Object> document) {
        this.document = document;
    }

    /** @param text in YAML or in JSON, of which every text is one in YAML as well */
    public static Contract read(String text) {
        Map<String, Object> document = new Yaml().load(text);
        return new Contract(map(resolved(document, document)));
    }

    /** Those of a service's own, by method and path: health is Actuator's, and springdoc leaves it out. */
    public Map<String, Map<String, Object>> operations() {
        Map<String, Map<String, Object>> operations = new TreeMap<>();
        map(document.get("paths")).forEach((path, methods) -> map(methods).forEach((method, operation) -> {
            if (!list(map(operation).get("tags")).contains("health")) {
                operations.put(method + " " + path, map(operation));
            }
        }));
        return operations;
    }

    /** A schema that has a name. */
    public Map<String, Object> schema(String name) {
        return map(map(map(document.get("components")).get("schemas")).get(name));
    }

    /** Part of what an operation is. */
    public interface Aspect {
        Object of(Map<String, Object> operation);
    }

    /** Asserts that every operation has the same of it in both. */
    public void assertSame(Contract derived, Aspect aspect) {
        assertThat(derived.all(aspect)).isEqualTo(all(aspect));
    }

    private Map<String, Object> all(Aspect aspect) {
        Map<String, Object> all = new TreeMap<>();
        operations().forEach((name, operation) -> all.put(name, aspect.of(operation)));
        return all;
    }

    /** What can be said in the path and the query. */
    public static Object parameters(Map<String, Object> operation) {
        Map<String, Object> parameters = new TreeMap<>();
        for (Object parameter : list(operation.get("parameters"))) {
            parameters.put(map(parameter).get("in") + " " + map(parameter).get("name"), Arrays.asList(
                    map(parameter).getOrDefault("required", false), essence(map(parameter).get("schema"))));
        }
        return parameters;
    }

    /** What can be sent. */
    public static Object body(Map<String, Object> operation) {
        Map<String, Object> body = map(operation.get("requestBody"));
        Map<String, Object> media = new TreeMap<>();
        media.put("required", body.get("required"));
        media.put("content", schemas(body));
        return media;
    }

    /** The statuses, and in what media types each is answered. */
    public static Object responses(Map<String, Object> operation) {
        Map<String, Object> responses = new TreeMap<>();
        map(operation.get("responses")).forEach(
                (status, response) -> responses.put(status, map(map(response).get("content")).keySet()));
        return responses;
    }

    /** The schemas of a body, by media type. */
    public static Map<String, Object> schemas(Object body) {
        Map<String, Object> schemas = new TreeMap<>();
        map(map(body).get("content")).forEach(
                (type, content) -> schemas.put(type, essence(map(content).get("schema"))));
        return schemas;
    }

    /** A schema without its prose. */
    private static Object essence(Object schema) {
        Map<String, Object> essence = new TreeMap<>();
        for (String keyword : KEYWORDS) {
            Object value = map(schema).get(keyword);
            if (value instanceof Number number) {
                essence.put(keyword, number.longValue());
            } else if (value != null) {
                essence.put(keyword, value);
            }
        }
        if (map(schema).containsKey("items")) {
            essence.put("items", essence(map(schema).get("items")));
        }
        map(map(schema).get("properties")).forEach((name, property) -> essence.put("." + name, essence(property)));
        return essence;
    }

    private static Object resolved(Object node, Map<String, Object> document) {
        if (node instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(resolved(element, document)));
            return copy;
        }
        if (!(node instanceof Map<?, ?>)) {
            return node;
        }
        if (map(node).get("$ref") instanceof String reference) {
            Object target = document;
            for (String step : reference.substring("#/".length()).split("/")) {
                target = map(target).get(step);
            }
            return resolved(target, document);
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map(node).forEach((key, value) -> copy.put(key, resolved(value, document)));
        return copy;
    }

    /** An object; an empty one for null. */
    public static Map<String, Object> map(Object node) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (node != null) {
            ((Map<?, ?>) node).forEach((key, value) -> map.put(String.valueOf(key), value));
        }
        return map;
    }

    /** An array; an empty one for null. */
    public static List<Object> list(Object node) {
        return node == null ? List.of() : new ArrayList<>((List<?>) node);
    }

    /** An array of texts. */
    public static List<String> strings(Object node) {
        return list(node).stream().map(String::valueOf).toList();
    }
}
