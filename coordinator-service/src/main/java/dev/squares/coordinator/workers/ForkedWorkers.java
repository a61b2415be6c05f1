package dev.squares.coordinator.workers;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.worker.fork.Ending;
import dev.squares.worker.fork.NoWorkerAvailableException;
import dev.squares.worker.fork.PoolSettings;
import dev.squares.worker.fork.ProcessKind;
import dev.squares.worker.fork.ReportReader;
import dev.squares.worker.fork.WorkerCache;
import dev.squares.worker.fork.WorkerCommand;
import dev.squares.worker.fork.WorkerPool;
import dev.squares.worker.memory.Job;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Workers that are this process's own children. */
@Component
final class ForkedWorkers implements Workers {
    private final WorkerPool pool;

    ForkedWorkers(WorkerPool pool) {
        this.pool = pool;
    }

    @Override
    public HeldWorker take(ProcessKind kind) throws NoWorkerAvailableException, InterruptedException {
        WorkerPool.Lease lease = pool.take(kind);
        return new HeldWorker() {
            @Override
            public Ending run(Job job, long maxReportBytes, ReportReader reader)
                    throws IOException, InterruptedException {
                return lease.run(job, maxReportBytes, reader);
            }

            @Override
            public void close() {
                lease.close();
            }
        };
    }

    @Configuration(proxyBeanMethods = false)
    static class Forking {
        @Bean
        WorkerCache workerCache(SquaresProperties properties) throws IOException {
            return new WorkerCache(properties.worker().cacheDirectory());
        }

        @Bean
        WorkerCommand workerCommand(SquaresProperties properties, WorkerCache cache) throws IOException {
            return WorkerCommand.java(cache.classPath(), properties.worker().heap().toBytes());
        }

        @Bean
        WorkerPool workerPool(SquaresProperties properties, WorkerCache cache, WorkerCommand command) {
            SquaresProperties.Worker worker = properties.worker();
            PoolSettings settings = new PoolSettings(
                    worker.standby(),
                    worker.maxProcesses(),
                    worker.maxJobs(),
                    worker.timeout(),
                    worker.queueTimeout(),
                    worker.startTimeout(),
                    worker.killGrace());
            return new WorkerPool(command, cache::warmUp, settings);
        }
    }
}
