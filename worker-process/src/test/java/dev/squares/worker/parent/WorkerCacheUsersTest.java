package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.testing.AnotherUser;
import dev.squares.worker.testing.Background;
import dev.squares.worker.testing.NoChildLeft;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an attacker prepares on a machine that it shares with the victim; two users, neither of them root. */
@ExtendWith(NoChildLeft.class)
class WorkerCacheUsersTest {
    private static final String JAR = "worker-process.jar";

    /** As /tmp: everybody can write here, and nobody can rename what is another's. */
    @TempDir
    private Path everybodys;

    @TempDir
    private Path classes;

    private Path attackers;

    @BeforeEach
    void prepare() throws IOException {
        AnotherUser.assumeRoot();
        allow(everybodys, "rwxrwxrwx");
        allow(classes, "rwxr-xr-x");
        // What the build has made may be where others cannot look.
        Files.copy(Commands.classPath(WorkerCache.class), classes.resolve(JAR));
        String main = CacheMain.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(classes.resolve(main).getParent());
        Files.copy(Commands.classPath(CacheMain.class).resolve(main), classes.resolve(main));
        attackers = Files.createDirectory(everybodys.resolve("attackers"));
        AnotherUser.ATTACKER.own(attackers);
    }

    /** What is in the victim's way. */
    enum Trap {
        DIRECTORY_OF_ONES_OWN {
            @Override
            void set(Path directory, Path attackers) throws IOException {
                Files.createDirectory(directory);
                allow(directory, "rwx------");
                AnotherUser.ATTACKER.own(directory);
            }

            @Override
            void spring(Path directory) throws IOException {
                // Only the owner of a directory can open it to others.
                plant(directory);
                allow(directory, "rwxr-xr-x");
            }
        },
        OPEN_DIRECTORY {
            @Override
            void set(Path directory, Path attackers) throws IOException {
                Files.createDirectory(directory);
                plant(directory);
                allow(directory, "rwxrwxrwx");
                AnotherUser.ATTACKER.own(directory);
            }
        },
        LINK {
            @Override
            void set(Path directory, Path attackers) throws IOException {
                plant(attackers);
                allow(attackers, "rwxr-xr-x");
                Files.createSymbolicLink(directory, attackers);
            }
        },
        DIRECTORY_OF_THE_VICTIM_THAT_OTHERS_CAN_WRITE_TO {
            @Override
            void set(Path directory, Path attackers) throws IOException {
                Files.createDirectory(directory);
                plant(directory);
                allow(directory, "rwxrwxrwx");
                AnotherUser.VICTIM.own(directory);
            }
        };

        abstract void set(Path directory, Path attackers) throws IOException;

        /** After the victim has looked at the directory. */
        void spring(Path directory) throws IOException {}
    }

    @ParameterizedTest
    @EnumSource
    void directoryThatIsNotOnesOwnIsRefused(Trap trap) throws Exception {
        Path directory = everybodys.resolve("cache");
        trap.set(directory, attackers);

        List<String> said = victim(Map.of(), () -> trap.spring(directory), directory.toString(), "0");

        assertThat(said).hasSize(1).first().asString().startsWith("refused: ").contains(directory.toString());
    }

    /** As a part of an image, whoever runs it. */
    @Test
    void directoryThatRootHasMadeForAllToReadIsUsed() throws Exception {
        Path directory = everybodys.resolve("cache");
        Path made;
        try (WorkerCache ofRoot = new WorkerCache(directory)) {
            made = ofRoot.classPath();
        }
        allow(directory, "rwxr-xr-x");
        allow(made, "rw-r--r--");

        assertThat(jarOf(victim(Map.of(), () -> {}, directory.toString(), "0"))).isEqualTo(made);
    }

    /** Between two looks of the victim it can be now the one and now the other. */
    @Test
    void directoryThatTheAttackerOpensAndClosesAllTheTimeIsRefused() throws Exception {
        Path directory = Files.createDirectory(everybodys.resolve("cache"));
        plant(directory);
        AnotherUser.ATTACKER.own(directory);
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> attack = Background.run(() -> {
            while (!enough.get()) {
                allow(directory, "rwx------");
                allow(directory, "rwxr-xr-x");
            }
            return null;
        });

        Step end = () -> {
            enough.set(true);
            attack.join();
        };
        List<String> said = victim(Map.of(), end, directory.toString(), "1000");
        end.run();

        assertThat(said).hasSize(1).first().asString().startsWith("refused: ");
    }

    @ParameterizedTest
    @EnumSource
    void defaultThatIsNotOnesOwnIsNotUsed(Trap trap) throws Exception {
        Path home = victimsHome();
        Path caches = Files.createDirectory(home.resolve(".cache"));
        AnotherUser.VICTIM.own(caches);
        trap.set(caches.resolve("squares"), attackers);

        Path jar = jarOf(victim(Map.of("HOME", home.toString()), () -> trap.spring(caches.resolve("squares"))));

        assertThat(jar.getParent().getParent()).isEqualTo(everybodys);
        assertThat(jar).doesNotExist();
    }

    @Test
    void defaultIsInTheUsersCacheDirectoryAndStays() throws Exception {
        Path home = victimsHome();

        Path jar = jarOf(victim(Map.of("HOME", home.toString()), () -> {}));

        assertThat(jar).hasParent(home.resolve(".cache/squares")).exists();
        assertThat(Files.getPosixFilePermissions(jar.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(jarOf(victim(Map.of("HOME", home.toString()), () -> {}))).isEqualTo(jar);
        Path elsewhere = home.resolve("caches");
        assertThat(jarOf(victim(Map.of("HOME", "/nonexistent", "XDG_CACHE_HOME", elsewhere.toString()), () -> {})))
                .hasParent(elsewhere.resolve("squares"));
        // A path that is not absolute does not count.
        assertThat(jarOf(victim(Map.of("HOME", home.toString(), "XDG_CACHE_HOME", "caches"), () -> {})))
                .isEqualTo(jar);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAHomeTheDirectoryIsOfThisRunAlone(Home home) throws Exception {
        Path directory = Files.createDirectory(everybodys.resolve("home-of-root"));

        Path jar = jarOf(victim(home.environment(directory), () -> {}));

        assertThat(jar.getParent().getParent()).isEqualTo(everybodys);
        assertThat(jar.getParent()).doesNotExist();
    }

    enum Home {
        NONE,
        MISSING,
        NOT_WRITABLE;

        Map<String, String> environment(Path ofRoot) {
            return switch (this) {
                case NONE -> Map.of();
                case MISSING -> Map.of("HOME", "/nonexistent");
                case NOT_WRITABLE -> Map.of("HOME", ofRoot.toString());
            };
        }
    }

    private Path victimsHome() throws IOException {
        Path home = Files.createDirectory(everybodys.resolve("home"));
        AnotherUser.VICTIM.own(home);
        return home;
    }

    private static Path jarOf(List<String> said) {
        assertThat(said).hasSize(2).first().isEqualTo("opened");
        return Path.of(said.getLast());
    }

    private interface Step {
        void run() throws IOException;
    }

    /** What the victim says, as a rule {@code opened} and the path of its jar. */
    private List<String> victim(Map<String, String> environment, Step inBetween, String... arguments)
            throws IOException, InterruptedException {
        List<String> program = new ArrayList<>(List.of(
                Commands.java(), "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + everybodys,
                "-cp", classes.resolve(JAR) + File.pathSeparator + classes, CacheMain.class.getName()));
        program.addAll(List.of(arguments));
        Process process = AnotherUser.VICTIM.start(environment, program);
        List<String> said = new ArrayList<>();
        try (BufferedReader out = process.inputReader(); OutputStream in = process.getOutputStream()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (line.equals("opened")) {
                    inBetween.run();
                    in.write('\n');
                    in.flush();
                }
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
        return said;
    }

    /** The attacker's jar, under the name that the victim's would have. */
    private static void plant(Path directory) throws IOException {
        Path model = Files.createTempDirectory(directory, "model");
        try (WorkerCache cache = new WorkerCache(model)) {
            Path jar = Files.writeString(directory.resolve(cache.classPath().getFileName()), "the attacker's");
            AnotherUser.ATTACKER.own(jar);
            Files.delete(cache.classPath());
        }
        Files.delete(model);
    }

    private static void allow(Path directory, String permissions) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }
}
