import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A client in Java, on the JDK alone: {@code java Squares.java [address of the service]}. The JDK has no JSON parser, so this looks for single
 * members; a real client has Jackson, or is generated from {@code openapi.yaml}.
 */
public final class Squares {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Squares() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        String service = args.length > 0 ? args[0] : "http://localhost:8080";

        for (String ipc : List.of("shared-memory", "none", "message-passing")) {
            String answer = square(service, "ipc=" + ipc, "[1, 2, 3, 4]").body();
            System.out.println(ipc + ": the child reports " + member(answer, "childReported", "squares")
                    + ", the parent observes " + member(answer, "parentObserved", "squares"));
        }

        String list = IntStream.rangeClosed(1, 100_000).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        for (String how : List.of("unsynchronized", "atomic")) {
            String answer = square(service, "processes=2&view=summary&sum=" + how, list).body();
            System.out.println(how + ": " + member(answer, "processes") + " children, "
                    + (member(answer, "match").equals("true") ? "no update was lost" : "updates were lost"));
        }

        HttpResponse<String> refused = square(service, "", "[1, 2.5]");
        if (refused.statusCode() != 200) {
            // A problem detail, see RFC 9457.
            String type = member(refused.body(), "type");
            System.out.println(type.substring(type.lastIndexOf(':') + 1) + ": " + member(refused.body(), "detail") + " "
                    + member(refused.body(), "action"));
        }
    }

    private static HttpResponse<String> square(String service, String query, String list)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service + "/square?" + query))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(list))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    /** The value of the last name, behind those before it: a list, or the text of what is no string. */
    private static String member(String json, String... names) {
        String path = Arrays.stream(names).map(name -> "\"" + name + "\":").collect(Collectors.joining(".*?"));
        Matcher found = Pattern.compile(path + "(?:\"([^\"]*)\"|(\\[[^\\]]*\\])|([^,}]*))").matcher(json);
        if (!found.find()) {
            throw new IllegalArgumentException("no " + String.join(".", names) + " in " + json);
        }
        return found.group(1) != null ? found.group(1) : found.group(2) != null ? found.group(2) : found.group(3);
    }
}
