package dev.squares.coordinator;

import org.junit.jupiter.api.Nested;
import org.springframework.test.context.ContextConfiguration;

/**
 * All that holds with workers of the coordinator's own holds with those of worker-service. What is refused before a worker is
 * taken is tested without.
 */
class RemoteWorkersTest {
    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.class, inheritInitializers = false)
    class Experiments extends ExperimentsTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.class, inheritInitializers = false)
    class EventStreams extends EventStreamTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.class, inheritInitializers = false)
    class Evidence extends EvidenceTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.Misbehaving.class, inheritInitializers = false)
    class EventStreamsOfMisbehaving extends EventStreamOfMisbehavingWorkersTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.Misbehaving.class, inheritInitializers = false)
    class Misbehaving extends MisbehavingWorkersTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.Misbehaving.class, inheritInitializers = false)
    class FullHouse extends FullHouseTest {}

    @Nested
    @ContextConfiguration(initializers = WorkerServiceBeside.Misbehaving.class, inheritInitializers = false)
    class VanishedClients extends VanishedClientsTest {}
}
