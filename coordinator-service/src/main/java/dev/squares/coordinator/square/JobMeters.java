package dev.squares.coordinator.square;

import dev.squares.service.problem.OptionNames;
import dev.squares.worker.parent.ProcessKind;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * The metrics of jobs. Each is looked up once, for to find one by its name and tags is a part of what a short request costs; and none
 * is an Observation, of which nothing but the registry would hear.
 */
@Component
final class JobMeters {
    private final MeterRegistry registry;
    private final LongTaskTimer active;
    private final Map<Job, Timer> jobs = new ConcurrentHashMap<>();
    private final Map<String, Timer> steps = new ConcurrentHashMap<>();

    private record Job(Ipc ipc, ProcessKind process, String ending) {}

    JobMeters(MeterRegistry registry) {
        this.registry = registry;
        this.active = LongTaskTimer.builder("squares.job.active").register(registry);
    }

    /** A job is under way, until this is stopped. */
    LongTaskTimer.Sample begin() {
        return active.start();
    }

    /** A job has ended. */
    void ended(Options options, String ending, long nanos) {
        jobs.computeIfAbsent(new Job(options.ipc(), options.process(), ending), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Job job) {
        return Timer.builder("squares.job")
                .tags("ipc", OptionNames.of(job.ipc), "process", OptionNames.of(job.process), "ending", job.ending)
                .register(registry);
    }

    /** A request has taken a step. */
    void step(String name, long nanos) {
        steps.computeIfAbsent(name, step -> registry.timer("squares.step", "step", step))
                .record(nanos, TimeUnit.NANOSECONDS);
    }
}
