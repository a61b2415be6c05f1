package dev.squares.coordinator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.stereotype.Controller;

/** The arrows of the design page: {@code coordinator.square -> coordinator.workers -> worker.fork -> worker.memory}. */
class ArchitectureTest {
    private static final String COORDINATOR = "dev.squares.coordinator..";
    private static final String SQUARE = "dev.squares.coordinator.square..";
    private static final String WORKERS = "dev.squares.coordinator.workers..";
    private static final String PROBLEM = "dev.squares.worker.service.problem..";

    private static final JavaClasses EVERYTHING = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.squares");

    @Test
    void coordinatorNeverDependsOnWhatRunsInTheChild() {
        noClasses().that()
                .resideInAPackage(COORDINATOR)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.squares.worker.process..")
                .check(EVERYTHING);
    }

    @Test
    void workersDoNotKnowTheUseCaseNorItsProblems() {
        noClasses().that()
                .resideInAPackage(WORKERS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SQUARE, PROBLEM)
                .check(EVERYTHING);
    }

    @Test
    void problemsKnowOfWorkersOnlyHowTheyEnd() {
        noClasses().that()
                .resideInAPackage(PROBLEM)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SQUARE, WORKERS, "dev.squares.worker.service", "dev.squares.worker.memory..",
                        "dev.squares.worker.process..")
                .check(EVERYTHING);
    }

    @Test
    void workersModuleKnowsNothingOfTheCoordinator() {
        noClasses().that()
                .resideInAPackage("dev.squares.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(COORDINATOR)
                .check(EVERYTHING);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.squares.(*).(*)..").should().beFreeOfCycles().check(EVERYTHING);
    }

    @Test
    void onlyTheMappedFileTouchesForeignMemory() {
        noClasses().that()
                .resideInAPackage(COORDINATOR)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(EVERYTHING);
    }

    @Test
    void onlyTheForkingPackageStartsProcesses() {
        noClasses().that()
                .resideInAPackage(COORDINATOR)
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
    void fieldsAreFinal() {
        NO_CLASSES_SHOULD_USE_FIELD_INJECTION.check(EVERYTHING);
    }

    @Test
    void logIsTheOnlyWayOut() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(coordinator());
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(coordinator());
    }

    @Test
    void everyPackageIsNullMarked() {
        for (JavaClass aClass : coordinator()) {
            JavaPackage itsPackage = aClass.getPackage();
            assertThat(itsPackage.isAnnotatedWith(NullMarked.class)).as(itsPackage.getName()).isTrue();
        }
    }

    @Test
    void fewerThanHalfOfTheTypesArePublic() {
        List<JavaClass> topLevel = coordinator().stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(aClass -> !aClass.getSimpleName().equals("package-info"))
                .toList();
        long open = topLevel.stream().filter(aClass -> aClass.getModifiers().contains(JavaModifier.PUBLIC)).count();
        assertThat(open * 2).isLessThan(topLevel.size());
    }

    private static JavaClasses coordinator() {
        return EVERYTHING.that(JavaClass.Predicates.resideInAPackage(COORDINATOR));
    }
}
