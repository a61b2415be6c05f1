package dev.squares.worker.service;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.squares.worker.fork.Ending;
import tools.jackson.databind.json.JsonMapper;

/** How an {@link Ending}, whose package knows of no JSON, goes over the wire: with the word for it as a member. */
public final class WireFormat {
    private WireFormat() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "word")
    @JsonSubTypes({
            @Type(value = Ending.Reported.class, name = "reported"),
            @Type(value = Ending.Crashed.class, name = "crashed"),
            @Type(value = Ending.TimedOut.class, name = "timed-out"),
            @Type(value = Ending.Garbled.class, name = "garbled"),
            @Type(value = Ending.Lost.class, name = "lost")
    })
    private interface Named {}

    /** Adds it to a mapper. */
    public static void addTo(JsonMapper.Builder mapper) {
        mapper.addMixIn(Ending.class, Named.class);
    }
}
