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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import org.springframework.boot.convert.DurationStyle;

/** What is in {@code deploy/kubernetes}, held against the types of Kubernetes, which are derived from its schemas. */
@Execution(ExecutionMode.CONCURRENT)
class KubernetesTest {
    static final List<Class<? extends HasMetadata>> KINDS = List.of(
            Deployment.class,
            Service.class,
            HorizontalPodAutoscaler.class,
            PodDisruptionBudget.class,
            NetworkPolicy.class);

    @ParameterizedTest
    @FieldSource("KINDS")
    void everyFieldIsOneThatKubernetesKnows(Class<? extends HasMetadata> kind) {
        HasMetadata resource = KubernetesFiles.read(kind);

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
        String deployment = Files.readString(KubernetesFiles.FOLDER.resolve("deployment.yaml"));
        assertThat(deployment).contains(right);

        assertThatThrownBy(
                () -> KubernetesFiles.read(KubernetesFiles.parse(deployment.replace(right, wrong)), Deployment.class))
                .hasMessageContaining(noticed);
    }

    @Test
    void everySelectorFindsThePods() {
        DeploymentSpec deployment = KubernetesFiles.read(Deployment.class).getSpec();

        assertThat(Stream.concat(
                deployment.getTemplate()
                        .getSpec()
                        .getTopologySpreadConstraints()
                        .stream()
                        .map(TopologySpreadConstraint::getLabelSelector),
                Stream.of(deployment.getSelector(),
                        KubernetesFiles.read(PodDisruptionBudget.class).getSpec().getSelector(),
                        KubernetesFiles.read(NetworkPolicy.class).getSpec().getPodSelector()))
                .map(LabelSelector::getMatchLabels))
                .contains(KubernetesFiles.read(Service.class).getSpec().getSelector())
                .allSatisfy(labels -> assertThat(deployment.getTemplate().getMetadata().getLabels())
                        .containsAllEntriesOf(labels));
        CrossVersionObjectReference scaled = KubernetesFiles.read(HorizontalPodAutoscaler.class)
                .getSpec()
                .getScaleTargetRef();
        assertThat(KubernetesFiles.document(scaled.getKind())).containsEntry("apiVersion", scaled.getApiVersion());
    }

    @Test
    void kustomizationHasEveryFile() {
        Map<String, Object> kustomization = KubernetesFiles.load(KubernetesFiles.FOLDER.resolve("kustomization.yaml"));

        assertThat(kustomization.get("resources"))
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .containsExactlyInAnyOrderElementsOf(
                        KubernetesFiles.files().map(file -> file.getFileName().toString()).toList());
    }

    @Test
    void everyContainerIsLockedDown() {
        PodSpec pod = KubernetesFiles.pod();

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        for (Container container : KubernetesFiles.containers(pod)) {
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        }
    }

    @Test
    void probesAskTheManagementPortOfTheImages() throws IOException {
        List<Integer> imagePorts = Pattern.compile("(?m)^ENV .*\\bMANAGEMENT_SERVER_PORT=(\\d+)")
                .matcher(Files.readString(Path.of("..", "Dockerfile")))
                .results()
                .map(port -> Integer.valueOf(port.group(1)))
                .sorted(Comparator.reverseOrder())
                .toList();
        List<Container> containers = KubernetesFiles.containers(KubernetesFiles.pod());
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
        PodSpec pod = KubernetesFiles.pod();

        EmptyDirVolumeSource shared = pod.getVolumes()
                .stream()
                .filter(volume -> volume.getName().equals("shared"))
                .findFirst()
                .orElseThrow()
                .getEmptyDir();
        assertThat(shared.getMedium()).isEqualTo("Memory");
        Quantity size = shared.getSizeLimit();
        for (Container container : KubernetesFiles.containers(pod)) {
            assertThat(container.getVolumeMounts())
                    .anyMatch(mount -> mount.getName().equals("shared") && mount.getMountPath().equals("/shared"));
        }
        assertThat(pod.getContainers().getFirst().getResources().getLimits().get("memory").getNumericalAmount())
                .isGreaterThan(size.getNumericalAmount());
    }

    @Test
    void nobodyButTheCoordinatorReachesTheWorkerService() {
        NetworkPolicy policy = KubernetesFiles.read(NetworkPolicy.class);

        assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                .isEqualTo(KubernetesFiles.read(Deployment.class).getSpec().getTemplate().getMetadata().getLabels());
        NetworkPolicyIngressRule clients = policy.getSpec().getIngress().getFirst();
        assertThat(clients.getFrom()).isEmpty();
        assertThat(ports(clients)).containsExactly("http");
        NetworkPolicyIngressRule metrics = policy.getSpec().getIngress().getLast();
        assertThat(metrics.getFrom()).singleElement()
                .satisfies(from -> assertThat(from.getNamespaceSelector().getMatchLabels()).isNotEmpty());
        assertThat(ports(metrics)).containsExactly("management", "worker-mgmt");
        assertThat(KubernetesFiles.containers(KubernetesFiles.pod())
                .stream()
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getName))
                .containsExactlyInAnyOrder("http", "management", "worker-mgmt");
        assertThat(policy.getSpec().getIngress()).hasSize(2);
        assertThat(KubernetesFiles.containers(KubernetesFiles.pod()).getFirst().getEnv())
                .anyMatch(env -> env.getName().equals("SERVER_ADDRESS") && env.getValue().equals("127.0.0.1"));
        assertThat(policy.getSpec().getEgress()).isEmpty();
        assertThat(KubernetesFiles.read(Service.class).getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("http"));
    }

    @Test
    void everyVolumeIsMountedAndEveryMountIsOfAVolume() {
        PodSpec pod = KubernetesFiles.pod();

        assertThat(KubernetesFiles.containers(pod)
                .stream()
                .flatMap(container -> container.getVolumeMounts().stream())
                .map(VolumeMount::getName)
                .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(pod.getVolumes().stream().map(Volume::getName).toList());
    }

    @Test
    void podMayTakeAsLongToEndAsItsPartsOneAfterTheOther() {
        PodSpec pod = KubernetesFiles.pod();
        Duration longest = Duration.ofSeconds(Long.parseLong(pod.getContainers()
                .getFirst()
                .getLifecycle()
                .getPreStop()
                .getExec()
                .getCommand()
                .getLast()));
        for (Container container : KubernetesFiles.containers(pod)) {
            longest = longest.plus(container.getEnv()
                    .stream()
                    .filter(env -> env.getName().equals("SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE"))
                    .map(env -> DurationStyle.detectAndParse(env.getValue()))
                    .findFirst()
                    .orElseThrow());
        }
        assertThat(Duration.ofSeconds(pod.getTerminationGracePeriodSeconds())).isGreaterThan(longest);
    }

    private static List<String> ports(NetworkPolicyIngressRule rule) {
        return rule.getPorts().stream().map(port -> port.getPort().getStrVal()).toList();
    }

    private static String path(Probe probe, ContainerPort port) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo(port.getName());
        return probe.getHttpGet().getPath();
    }
}
