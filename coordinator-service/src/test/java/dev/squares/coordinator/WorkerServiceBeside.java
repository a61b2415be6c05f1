package dev.squares.coordinator;

import dev.squares.worker.parent.WorkerPool;
import dev.squares.workerservice.WorkerApplication;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/**
 * Starts a worker-service beside a coordinator, with the same properties, and has the coordinator take its workers from there.
 * The pool that tests ask for is then the worker-service's. Does what {@link TemporaryDirectories} does first, and takes its
 * place.
 */
class WorkerServiceBeside implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private final Class<?>[] more;

    WorkerServiceBeside() {
        this(new Class<?>[0]);
    }

    private WorkerServiceBeside(Class<?>... more) {
        this.more = more;
    }

    /** One whose workers misbehave. */
    static final class Misbehaving extends WorkerServiceBeside {
        Misbehaving() {
            super(Workers.class);
        }

        @TestConfiguration(proxyBeanMethods = false)
        @EnableConfigurationProperties(SquaresProperties.class)
        @Import(MisbehavingWorkers.class)
        static class Workers {}
    }

    /** A worker-service with its own configuration, where the coordinator's comes first on the class path. */
    static SpringApplicationBuilder workerService(Class<?>... more) {
        URL own = WorkerApplication.class.getProtectionDomain().getCodeSource().getLocation();
        String directory = own.getPath().endsWith(".jar") ? "jar:" + own + "!/" : own.toString();
        return new SpringApplicationBuilder(WorkerApplication.class).sources(more)
                .properties("spring.config.location=" + directory);
    }

    @Override
    public void initialize(ConfigurableApplicationContext coordinator) {
        new TemporaryDirectories().initialize(coordinator);
        Map<String, String> same = Binder.get(coordinator.getEnvironment())
                .bind("squares", Bindable.mapOf(String.class, String.class))
                .get();
        // A machine that is busy with tests may stand still for longer than half a second.
        List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--squares.lease-timeout=20s"));
        same.forEach((property, value) -> {
            if (property.equals("shared-directory") || property.startsWith("worker.")) {
                arguments.add("--squares." + property + "=" + value);
            }
        });
        ConfigurableApplicationContext service = workerService(more)
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new));
        int port = ((WebServerApplicationContext) service).getWebServer().getPort();
        TestPropertyValues.of("squares.worker.url=http://127.0.0.1:" + port).applyTo(coordinator);
        DefaultSingletonBeanRegistry beans = (DefaultSingletonBeanRegistry) coordinator.getBeanFactory();
        beans.registerSingleton("workerPool", service.getBean(WorkerPool.class));
        beans.registerDisposableBean("workerService", service::close);
    }
}
