package dev.squares.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

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

    /**
     * The types take any field, for those of later versions, and a number for a text. Here both are mistakes: an API server refuses
     * them.
     */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, texts -> texts
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
            .build();

    @ParameterizedTest
    @FieldSource("KINDS")
    void everyFieldIsOneThatKubernetesKnows(Class<? extends HasMetadata> kind) {
        HasMetadata resource = read(kind);

        assertThat(resource.getMetadata().getName()).isEqualTo("squares");
        assertThat(resource.getApiVersion()).isEqualTo(HasMetadata.getApiVersion(kind));
    }

    /** Each of these is what an API server refuses. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "runAsNonRoot: true       | runAsNonRot: true          | runAsNonRot",
            "containerPort: 9081      | containerPort: \"9081\"      | containerPort",
            "value: \"off\"             | value: off                 | value",
            "maxSurge: 1              | maxSurge: 1.5              | maxSurge",
            "drop: [ALL]              | drop: ALL                  | drop",
            "periodSeconds: 10        | periodSeconds: ten         | periodSeconds",
            "readOnlyRootFilesystem: true | readOnlyRootFilesystem: 1  | readOnlyRootFilesystem",
            "enableServiceLinks: false | automountServiceAccountToken: false | automountServiceAccountToken"
    })
    void mistakeWouldBeNoticed(String right, String wrong, String noticed) throws IOException {
        String deployment = Files.readString(FOLDER.resolve("deployment.yaml"));
        assertThat(deployment).contains(right);

        assertThatThrownBy(() -> STRICT.convertValue(parse(deployment.replace(right, wrong)), Deployment.class))
                .hasMessageContaining(noticed);
    }

    @Test
    void everySelectorFindsThePods() {
        DeploymentSpec deployment = read(Deployment.class).getSpec();

        assertThat(Stream.concat(
                deployment.getTemplate()
                        .getSpec()
                        .getTopologySpreadConstraints()
                        .stream()
                        .map(TopologySpreadConstraint::getLabelSelector),
                Stream.of(deployment.getSelector(), read(PodDisruptionBudget.class).getSpec().getSelector(),
                        read(NetworkPolicy.class).getSpec().getPodSelector()))
                .map(LabelSelector::getMatchLabels))
                .contains(read(Service.class).getSpec().getSelector())
                .allSatisfy(labels -> assertThat(deployment.getTemplate().getMetadata().getLabels())
                        .containsAllEntriesOf(labels));
        CrossVersionObjectReference scaled = read(HorizontalPodAutoscaler.class).getSpec().getScaleTargetRef();
        assertThat(document(scaled.getKind())).containsEntry("apiVersion", scaled.getApiVersion());
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
        assertThat(containers.getFirst().getRestartPolicy()).as("a sidecar, which need not end").isEqualTo("Always");
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
        assertThat(containers(pod()).stream()
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getName))
                .containsExactlyInAnyOrder("http", "management", "worker-mgmt");
        assertThat(policy.getSpec().getIngress()).hasSize(2);
        assertThat(containers(pod()).getFirst().getEnv())
                .anyMatch(env -> env.getName().equals("SERVER_ADDRESS") && env.getValue().equals("127.0.0.1"));
        assertThat(policy.getSpec().getEgress()).isEmpty();
        assertThat(read(Service.class).getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("http"));
    }

    @Test
    void everyVolumeIsMountedAndEveryMountIsOfAVolume() {
        PodSpec pod = pod();

        assertThat(containers(pod).stream()
                .flatMap(container -> container.getVolumeMounts().stream())
                .map(VolumeMount::getName)
                .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(pod.getVolumes().stream().map(Volume::getName).toList());
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
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> parse(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(options).load(yaml);
    }
}
