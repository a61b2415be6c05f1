package dev.squares.workerservice;

import dev.squares.service.pool.WorkerProperties;
import dev.squares.service.settings.DefaultSharedDirectory;
import jakarta.validation.Valid;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What can be set.
 *
 * @param sharedDirectory Where coordinators have the directories with their mapped files: the same as theirs, and the same unless set.
 * @param leaseTimeout How long a worker that was taken may stay without its job, before it is given back.
 * @param worker The worker processes.
 */
@ConfigurationProperties("squares")
@Validated
record ServiceProperties(
    @Nullable Path sharedDirectory,
    @DefaultValue("500ms") @DurationMin(millis = 1) Duration leaseTimeout,
    @DefaultValue @Valid @NestedConfigurationProperty WorkerProperties worker
) {
    /** Where that is. */
    @Override
    public Path sharedDirectory() {
        return DefaultSharedDirectory.unless(sharedDirectory);
    }
}
