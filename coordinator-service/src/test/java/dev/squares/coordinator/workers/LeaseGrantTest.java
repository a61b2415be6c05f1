package dev.squares.coordinator.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class LeaseGrantTest {
    private static final String ID = "0a1b2c3d-0000-4000-8000-00000000000f";
    private static final LeaseGrant WORKER = new LeaseGrant(UUID.fromString(ID), 7, List.of());

    @ParameterizedTest
    @CsvSource({
            "http://worker:8081,  http://10.0.0.7:8081/workers/",
            "http://worker:8081/, http://[fd00::7]:8081/workers/",
            "http://worker,       http://10.0.0.7:80/workers/",
            "https://worker:443,  https://10.0.0.7/workers/"
    })
    void isUsedWhereTheServiceThatLentItSays(URI url, String location) {
        assertThat(WORKER.address(url, location + ID)).isEqualTo(URI.create(location + ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "https://10.0.0.7:8081/workers/" + ID,
            "file:///workers/" + ID,
            "http://10.0.0.7:8082/workers/" + ID,
            "http://10.0.0.7/workers/" + ID,
            "http://10.0.0.7:8081/workers/0a1b2c3d-0000-4000-8000-000000000000",
            "http://10.0.0.7:8081/workers/" + ID + "/",
            "http://10.0.0.7:8081/workers/../workers/" + ID,
            "http://10.0.0.7:8081/elsewhere?/workers/" + ID,
            "http://10.0.0.7:8081/workers/" + ID + "?a=b",
            "http://10.0.0.7:8081/workers/" + ID + "#a",
            "http://user@10.0.0.7:8081/workers/" + ID,
            "http://10.0.0.7:8081",
            "/workers/" + ID,
            "mailto:workers@10.0.0.7",
            "",
            "http://not a host:8081/workers/" + ID
    })
    void isUsedAtTheConfiguredUrlWhereTheAnswerNamesAnotherPlace(String location) {
        assertThat(WORKER.address(URI.create("http://worker:8081"), location))
                .isEqualTo(URI.create("http://worker:8081/workers/" + ID));
    }

    @Test
    void isUsedAtTheConfiguredUrlWhereTheAnswerNamesNoPlace() {
        assertThat(WORKER.address(URI.create("http://gateway/pool/"), null))
                .isEqualTo(URI.create("http://gateway/pool/workers/" + ID));
    }
}
