package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/** What is in {@code deploy/kubernetes}, held against the types of Kubernetes, which are derived from its schemas. */
@Execution(ExecutionMode.CONCURRENT)
class KubernetesTest {
    static final List<Class<? extends HasMetadata>> KINDS = List.of(
            Deployment.class,
            Service.class,
            HorizontalPodAutoscaler.class,
            PodDisruptionBudget.class,
            NetworkPolicy.class);

    private static final Path FOLDER = Path.of("..", "deploy", "kubernetes");

    /** The types take any field, for those of later versions. Here one that they do not know is a mistake. */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @ParameterizedTest
    @FieldSource("KINDS")
    void everyFieldIsOneThatKubernetesKnows(Class<? extends HasMetadata> kind) {
        HasMetadata resource = read(kind);

        assertThat(resource.getMetadata().getName()).isEqualTo("squares");
        assertThat(resource.getApiVersion()).isEqualTo(HasMetadata.getApiVersion(kind));
    }

    @Test
    void fieldThatKubernetesDoesNotKnowWouldBeNoticed() {
        Map<String, Object> deployment = document("Deployment");
        deployment.put("spec", Map.of("template", Map.of("spec", Map.of("securityContex", Map.of()))));

        assertThatThrownBy(() -> STRICT.convertValue(deployment, Deployment.class))
                .hasMessageContaining("securityContex");
    }

    @Test
    void kustomizationHasEveryFile() {
        Map<String, Object> kustomization = load(FOLDER.resolve("kustomization.yaml"));

        assertThat(kustomization.get("resources"))
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .containsExactlyInAnyOrderElementsOf(
                        files().map(file -> file.getFileName().toString()).toList());
    }

    @Test
    void everyContainerIsLockedDown() {
        PodSpec pod = pod();

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        for (Container container : containers(pod)) {
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        }
    }

    @Test
    void probesAskTheManagementPortOfTheImages() throws IOException {
        List<Integer> imagePorts = Pattern.compile("\\bMANAGEMENT_SERVER_PORT=(\\d+)")
                .matcher(Files.readString(Path.of("..", "Dockerfile")))
                .results()
                .map(port -> Integer.valueOf(port.group(1)))
                .sorted(Comparator.reverseOrder())
                .toList();
        List<Container> containers = containers(pod());
        assertThat(imagePorts).hasSameSizeAs(containers);
        for (int i = 0; i < containers.size(); i++) {
            Container container = containers.get(i);
            ContainerPort port = container.getPorts().getLast();
            assertThat(port.getContainerPort()).isEqualTo(imagePorts.get(i));
            assertThat(path(container.getLivenessProbe(), port)).isEqualTo("/actuator/health/liveness");
            assertThat(path(container.getReadinessProbe(), port)).isEqualTo("/actuator/health/readiness");
            assertThat(path(container.getStartupProbe(), port)).startsWith("/actuator/health/");
        }
    }

    @Test
    void bothContainersShareMemoryThatFitsTheLimitOfWhoWritesIt() {
        PodSpec pod = pod();

        EmptyDirVolumeSource shared = pod.getVolumes()
                .stream()
                .filter(volume -> volume.getName().equals("shared"))
                .findFirst()
                .orElseThrow()
                .getEmptyDir();
        assertThat(shared.getMedium()).isEqualTo("Memory");
        Quantity size = shared.getSizeLimit();
        for (Container container : containers(pod)) {
            assertThat(container.getVolumeMounts())
                    .anyMatch(mount -> mount.getName().equals("shared") && mount.getMountPath().equals("/shared"));
        }
        assertThat(pod.getContainers().getFirst().getResources().getLimits().get("memory").getNumericalAmount())
                .isGreaterThan(size.getNumericalAmount());
    }

    @Test
    void nobodyButTheCoordinatorReachesTheWorkerService() {
        NetworkPolicy policy = read(NetworkPolicy.class);

        assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                .isEqualTo(read(Deployment.class).getSpec().getTemplate().getMetadata().getLabels());
        NetworkPolicyIngressRule clients = policy.getSpec().getIngress().getFirst();
        assertThat(clients.getFrom()).isEmpty();
        assertThat(ports(clients)).containsExactly("http");
        NetworkPolicyIngressRule metrics = policy.getSpec().getIngress().getLast();
        assertThat(metrics.getFrom()).singleElement()
                .satisfies(from -> assertThat(from.getNamespaceSelector().getMatchLabels()).isNotEmpty());
        assertThat(ports(metrics)).containsExactly("management", "worker-mgmt");
        assertThat(policy.getSpec().getIngress()).hasSize(2);
        assertThat(containers(pod()).getFirst().getEnv())
                .anyMatch(env -> env.getName().equals("SERVER_ADDRESS") && env.getValue().equals("127.0.0.1"));
        assertThat(policy.getSpec().getEgress()).isEmpty();
        assertThat(read(Service.class).getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("http"));
    }

    private static List<String> ports(NetworkPolicyIngressRule rule) {
        return rule.getPorts().stream().map(port -> port.getPort().getStrVal()).toList();
    }

    private static String path(Probe probe, ContainerPort port) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo(port.getName());
        return probe.getHttpGet().getPath();
    }

    private static PodSpec pod() {
        return read(Deployment.class).getSpec().getTemplate().getSpec();
    }

    private static List<Container> containers(PodSpec pod) {
        List<Container> containers = Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .toList();
        assertThat(containers).extracting(Container::getName).containsExactly("worker", "coordinator");
        return containers;
    }

    private static <T extends HasMetadata> T read(Class<T> kind) {
        return STRICT.convertValue(document(HasMetadata.getKind(kind)), kind);
    }

    private static Map<String, Object> document(String kind) {
        return files().map(KubernetesTest::load)
                .filter(document -> document.get("kind").equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> !file.endsWith("kustomization.yaml")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> load(Path file) {
        try {
            return new Yaml().load(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
