package dev.squares.coordinator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.squares.service.settings.Help;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.stereotype.Controller;

/** Holds the code of all modules to the arrows that README.md draws. */
@Execution(ExecutionMode.CONCURRENT)
class ArchitectureTest {
    private static final String ROOT = "dev.squares.";
    private static final String WORKER_PROCESS = "dev.squares.worker..";
    private static final String COORDINATOR = "dev.squares.coordinator..";

    private static final Path README = Path.of("..", "README.md");
    private static final String DRAWING = "```arrows";

    private static final JavaClasses EVERYTHING = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // What worker-process has for the tests of all modules.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.squares");

    @Test
    void codeHasTheArrowsThatTheReadmeDrawsAndNoOther() throws IOException {
        SortedMap<String, SortedSet<String>> arrows = new TreeMap<>();
        for (JavaClass from : EVERYTHING) {
            SortedSet<String> targets = arrows.computeIfAbsent(shortName(from.getPackageName()), _ -> new TreeSet<>());
            from.getDirectDependenciesFromSelf()
                    .stream()
                    .map(Dependency::getTargetClass)
                    .map(target -> target.getBaseComponentType().getPackageName())
                    .filter(name -> name.startsWith(ROOT) && !name.equals(from.getPackageName()))
                    .map(ArchitectureTest::shortName)
                    .forEach(targets::add);
        }
        assertThat(arrows).isEqualTo(drawn());
    }

    /** Lines such as {@code worker.child -> worker.memory}. */
    private static SortedMap<String, SortedSet<String>> drawn() throws IOException {
        return Files.readAllLines(README)
                .stream()
                .dropWhile(line -> !line.equals(DRAWING))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .map(line -> line.split("->", 2))
                .collect(Collectors.toMap(
                        ends -> ends[0].strip(),
                        ends -> Arrays.stream(ends[1].strip().split("\\s+"))
                                .filter(name -> !name.isEmpty())
                                .collect(Collectors.toCollection(TreeSet::new)),
                        (one, _) -> {
                            throw new AssertionError("drawn twice: " + one);
                        },
                        TreeMap::new));
    }

    private static String shortName(String packageName) {
        return packageName.substring(ROOT.length());
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.squares.(**)").should().beFreeOfCycles().check(EVERYTHING);
    }

    @Test
    void bothSidesOfTheBoundaryRunOnTheJdkAlone() {
        classes().that()
                .resideInAPackage(WORKER_PROCESS)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations", WORKER_PROCESS)
                .check(EVERYTHING);
    }

    @Test
    void childShowsItsMainAlone() {
        classes().that()
                .resideInAPackage("dev.squares.worker.child")
                .and()
                .doNotHaveSimpleName("Main")
                .should()
                .notBePublic()
                .check(EVERYTHING);
    }

    @Test
    void onlyTheMappedFileTouchesForeignMemory() {
        noClasses().that()
                .resideOutsideOfPackage("dev.squares.worker.memory")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(EVERYTHING);
    }

    @Test
    void onlyTheParentsPackageStartsProcesses() {
        noClasses().that()
                .resideOutsideOfPackages("dev.squares.worker.parent", "dev.squares.worker.child")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class, Process.class, Runtime.class)
                .check(EVERYTHING);
    }

    @Test
    void controllersAreNobodysButSprings() {
        classes().that().areMetaAnnotatedWith(Controller.class).should().bePackagePrivate().check(EVERYTHING);
    }

    @Test
    void fieldsAreNotInjected() {
        NO_CLASSES_SHOULD_USE_FIELD_INJECTION.check(EVERYTHING);
    }

    @Test
    void logIsTheOnlyWayOutOfAService() {
        JavaClasses services = EVERYTHING.that(JavaClass.Predicates.resideOutsideOfPackage(WORKER_PROCESS)
                // It is not a service that prints it.
                .and(DescribedPredicate.not(JavaClass.Predicates.type(Help.class))));
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(services);
        // Of whatever exception it is: nothing is known of those of libraries, see archunit.properties.
        noClasses().should()
                .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.name("printStackTrace")))
                .check(services);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(services);
    }

    @Test
    void everyPackageIsNullMarked() {
        for (JavaClass aClass : EVERYTHING) {
            JavaPackage itsPackage = aClass.getPackage();
            assertThat(itsPackage.isAnnotatedWith(NullMarked.class)).as(itsPackage.getName()).isTrue();
        }
    }

    /** Each is one module. */
    @ParameterizedTest
    @ValueSource(strings = {WORKER_PROCESS, "dev.squares.service..", "dev.squares.workerservice..", COORDINATOR})
    void fewerThanHalfOfTheTypesOfAModuleArePublic(String module) {
        List<JavaClass> types = EVERYTHING.that(JavaClass.Predicates.resideInAPackage(module))
                .stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .toList();
        List<JavaClass> open = types.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .toList();
        assertThat(open).as("of " + types.size()).hasSizeLessThan((types.size() + 1) / 2);
    }
}
