package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * All that holds with workers of the coordinator's own holds with those of worker-service. What is refused before a worker is
 * taken is tested without, and so is what a worker does wrong beside the ways in which its job can end.
 */
class RemoteWorkersTest {
    /** One pair for all whose workers behave. */
    private static final String LIKE_COOPERATION = "squares.worker.max-processes=3";

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.class, inheritInitializers = false)
    @TestPropertySource(properties = LIKE_COOPERATION)
    class Experiments extends ExperimentsTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.class, inheritInitializers = false)
    class Cooperation extends CooperationTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.class, inheritInitializers = false)
    @TestPropertySource(properties = LIKE_COOPERATION)
    class EventStreams extends EventStreamTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.class, inheritInitializers = false)
    @TestPropertySource(properties = LIKE_COOPERATION)
    class Evidence extends EvidenceTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.class, inheritInitializers = false)
    @TestPropertySource(properties = LIKE_COOPERATION)
    class Faults extends FaultTest {
        @Test
        void workersOfAnotherServiceAreNotMadeOrphans() {
            JsonNode problem = client.squareUnchecked("?explain=true&fault=orphan", "[1]")
                    .requireProblem(400, "invalid-option");
            assertThat(problem.get("allowed").toString()).isEqualTo("[\"kill\",\"hang\",\"full\"]")
                    .isEqualTo(client.get("/about").json().get("faults").toString());
        }
    }

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.Misbehaving.class, inheritInitializers = false)
    class EventStreamsOfMisbehaving extends EventStreamOfMisbehavingWorkersTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.Misbehaving.class, inheritInitializers = false)
    class Endings extends WorkerEndingsTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.Misbehaving.class, inheritInitializers = false)
    class CooperationEndings extends CooperationEndingsTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.Misbehaving.class, inheritInitializers = false)
    class FullHouse extends FullHouseTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.Misbehaving.class, inheritInitializers = false)
    class VanishedClients extends VanishedClientsTest {}
}
