package dev.squares.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

/** The arrows of the design: fork -> memory <- process, on the JDK alone. */
@AnalyzeClasses(packages = "dev.squares.worker", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String MEMORY = "dev.squares.worker.memory";
    private static final String PROCESS = "dev.squares.worker.process";
    private static final String FORK = "dev.squares.worker.fork";

    @ArchTest
    static final ArchRule memoryDependsOnTheJdkAlone = classes().that()
            .resideInAPackage(MEMORY)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify.annotations", MEMORY);

    @ArchTest
    static final ArchRule processDependsOnMemoryAndTheJdkAlone = classes().that()
            .resideInAPackage(PROCESS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify.annotations", MEMORY, PROCESS);

    @ArchTest
    static final ArchRule forkDependsOnMemoryAndTheJdkAlone = classes().that()
            .resideInAPackage(FORK)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify.annotations", MEMORY, FORK);

    @ArchTest
    static final ArchRule memoryAloneTouchesForeignMemory = noClasses().that()
            .resideOutsideOfPackage(MEMORY)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign..");

    @ArchTest
    static final ArchRule childShowsItsMainAlone = classes().that()
            .resideInAPackage(PROCESS)
            .and()
            .doNotHaveSimpleName("Main")
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles = slices().matching("dev.squares.worker.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertThat(classes.getPackage("dev.squares.worker").getSubpackagesInTree())
                .filteredOn(somePackage -> !somePackage.getClasses().isEmpty())
                .isNotEmpty()
                .allSatisfy(somePackage -> assertThat(somePackage.getPackageInfo().isAnnotatedWith(NullMarked.class))
                        .as(somePackage.getName())
                        .isTrue());
    }
}
