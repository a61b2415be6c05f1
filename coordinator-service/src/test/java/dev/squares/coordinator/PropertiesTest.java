package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.squares.coordinator.SquaresProperties.Lab;
import dev.squares.service.pool.WorkerProperties;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

@ExtendWith(OutputCaptureExtension.class)
class PropertiesTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withUserConfiguration(PropertiesAlone.class);

    /** They are not looked for among all classes: there are many starts here. */
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(SquaresProperties.class)
    @ConfigurationPropertiesScan("dev.squares.coordinator.workers")
    static class PropertiesAlone {}

    @Test
    void haveDefaults() {
        runner.run(context -> {
            SquaresProperties properties = context.getBean(SquaresProperties.class);
            assertThat(properties.maxLength()).isEqualTo(10_000_000);
            assertThat(properties.sharedDirectory()).isEqualTo(SharedMemoryDirectory.parent());
            assertThat(properties.sharedMemoryLimit()).isNull();
            assertThat(properties.sendBuffer()).isNull();
            assertThat(properties.lab()).isEqualTo(Lab.AUTO);
            assertThat(properties.hostNames()).isEmpty();
            assertThat(properties.receiveTimeout()).isEqualTo(Duration.ofMinutes(2));
            assertThat(properties.minSendRate()).isEqualTo(DataSize.ofKilobytes(16));
            WorkerProperties worker = properties.worker();
            assertThat(worker.standby()).isEqualTo(2);
            assertThat(worker.maxProcesses()).isEqualTo(4);
            assertThat(worker.maxJobs()).isEqualTo(1_000_000);
            assertThat(worker.jobsAtOnce()).isEqualTo(16);
            assertThat(worker.heap()).isEqualTo(DataSize.ofMegabytes(32));
            assertThat(worker.timeout()).isEqualTo(Duration.ofSeconds(30));
            assertThat(worker.queueTimeout()).isEqualTo(Duration.ofSeconds(5));
            assertThat(worker.startTimeout()).isEqualTo(Duration.ofSeconds(30));
            assertThat(worker.killGrace()).isEqualTo(Duration.ofMillis(500));
            assertThat(worker.cacheDirectory()).isNull();
        });
    }

    @Test
    void canAllBeSet() {
        runner.withPropertyValues(
                "squares.max-length=17",
                "squares.shared-directory=/there",
                "squares.shared-memory-limit=5GB",
                "squares.send-buffer=64KB",
                "squares.lab=off",
                "squares.host-names=one.example.com,two-8080.example.com",
                "squares.receive-timeout=3s",
                "squares.min-send-rate=5MB",
                "squares.worker.standby=0",
                "squares.worker.max-processes=9",
                "squares.worker.max-jobs=1",
                "squares.worker.warm-ups=3",
                "squares.worker.heap=1GB",
                "squares.worker.timeout=2m",
                "squares.worker.queue-timeout=0",
                "squares.worker.start-timeout=7s",
                "squares.worker.kill-grace=8ms",
                "squares.worker.cache-directory=/here").run(context -> {
                    SquaresProperties properties = context.getBean(SquaresProperties.class);
                    assertThat(properties.maxLength()).isEqualTo(17);
                    assertThat(properties.sharedDirectory()).isEqualTo(Path.of("/there"));
                    assertThat(properties.sharedMemoryLimit()).isEqualTo(DataSize.ofGigabytes(5));
                    assertThat(properties.sendBuffer()).isEqualTo(DataSize.ofKilobytes(64));
                    assertThat(properties.lab()).isEqualTo(Lab.OFF);
                    assertThat(properties.hostNames()).containsExactly("one.example.com", "two-8080.example.com");
                    assertThat(properties.receiveTimeout()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(properties.minSendRate()).isEqualTo(DataSize.ofMegabytes(5));
                    WorkerProperties worker = properties.worker();
                    assertThat(worker.standby()).isZero();
                    assertThat(worker.maxProcesses()).isEqualTo(9);
                    assertThat(worker.maxJobs()).isEqualTo(1);
                    assertThat(worker.warmUps()).isEqualTo(3);
                    assertThat(worker.heap()).isEqualTo(DataSize.ofGigabytes(1));
                    assertThat(worker.timeout()).isEqualTo(Duration.ofMinutes(2));
                    assertThat(worker.queueTimeout()).isZero();
                    assertThat(worker.startTimeout()).isEqualTo(Duration.ofSeconds(7));
                    assertThat(worker.killGrace()).isEqualTo(Duration.ofMillis(8));
                    assertThat(worker.cacheDirectory()).isEqualTo(Path.of("/here"));
                });
    }

    @ParameterizedTest
    @CsvSource({
            "AUTO, 127.0.0.1, true",
            "AUTO, ::1,       true",
            "AUTO, 0.0.0.0,   false",
            "AUTO, 10.1.2.3,  false",
            "AUTO, ,          false",
            "ON,   0.0.0.0,   true",
            "ON,   ,          true",
            "OFF,  127.0.0.1, false"
    })
    void labIsOnByItselfWhereNobodyElseReachesTheService(Lab lab, String address, boolean on)
            throws UnknownHostException {
        assertThat(lab.isOn(address == null ? null : InetAddress.getByName(address))).isEqualTo(on);
    }

    @ParameterizedTest
    @CsvSource({
            "squares.max-length,            4294967297",
            "squares.max-length,            many",
            "squares.shared-memory-limit,   0",
            "squares.shared-memory-limit,   half",
            "squares.send-buffer,           0",
            "squares.send-buffer,           2GB",
            "squares.lab,                   perhaps",
            "squares.min-send-rate,         0",
            "squares.min-send-rate,         slow",
            "squares.worker.url,            worker:8081",
            "squares.worker.url,            worker",
            "squares.worker.secret,         two words",
            "squares.worker.heap,           0",
            "squares.worker.heap,           -1MB",
            "squares.worker.heap,           big",
            "squares.worker.timeout,        soon"
    })
    void stopTheStartAndAreNamedWhereTheyAreWrong(String property, String value, CapturedOutput output) {
        assertStopsTheStart(propertiesAlone(), output, "--" + property + "=" + value);

        assertThat(asInJava(output.getAll())).contains(asInJava(property));
    }

    /** Whoever has set several of them wrongly learns it from one start. */
    @Test
    void areAllNamedThatAreOutOfRange(CapturedOutput output) {
        List<String> properties = List.of("squares.max-length", "squares.receive-timeout",
                "squares.worker.max-processes", "squares.worker.max-jobs", "squares.worker.warm-ups",
                "squares.worker.timeout", "squares.worker.start-timeout", "squares.worker.kill-grace");
        List<String> names = List.of("https://one.example.com", "one.example.com:8080", "*.example.com");

        assertStopsTheStart(propertiesAlone(), output, Stream.concat(
                properties.stream().map(property -> "--" + property + "=0"),
                Stream.of("--squares.worker.standby=-1", "--squares.worker.queue-timeout=-1s",
                        "--squares.host-names=" + String.join(",", names)))
                .toArray(String[]::new));

        String text = asInJava(output.getAll());
        assertThat(properties).allSatisfy(property -> assertThat(text).contains(named(property)));
        assertThat(text).contains(named("squares.worker.standby"), named("squares.worker.queue-timeout"));
        assertThat(names).allSatisfy(name -> assertThat(text).contains("value: \"" + name + "\""));
    }

    private static String named(String property) {
        return "property: " + asInJava(property) + "\n";
    }

    /** Sometimes it is named so. */
    private static String asInJava(String text) {
        return text.replace("-", "").toLowerCase(Locale.ROOT);
    }

    static SpringApplication propertiesAlone() {
        SpringApplication application = new SpringApplication(PropertiesAlone.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application;
    }

    static void assertStopsTheStart(SpringApplication application, CapturedOutput output, String... arguments) {
        assertThatThrownBy(() -> application.run(arguments)).isNotNull();

        assertThat(output.getAll()).contains("APPLICATION FAILED TO START", "Action:").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
            "squares.shared-directory,       /proc/self",
            "squares.worker.cache-directory, /proc/version"
    })
    void stopTheStartAndAreNamedWhereADirectoryCannotBeUsed(String property, String value, CapturedOutput output) {
        assertStopsTheStart(new SpringApplication(CoordinatorApplication.class), output, "--server.port=0",
                "--" + property + "=" + value);

        assertThat(output.getAll()).contains(property, value);
    }
}
