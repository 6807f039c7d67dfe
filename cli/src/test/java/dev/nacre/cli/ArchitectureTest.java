package dev.nacre.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md that module descriptors cannot keep by themselves. */
class ArchitectureTest {
    private static final JavaClasses NACRE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.nacre");

    @Test
    void everyModuleIsSeen() {
        for (String module :
                new String[] {"linux", "hw", "pci", "vfiouser", "samples", "board", "display", "cli", "testsupport"}) {
            assertThat(NACRE.stream().anyMatch(c -> c.getPackageName().startsWith("dev.nacre." + module)))
                    .as(module)
                    .isTrue();
        }
    }

    @Test
    void onlyLinuxLinksNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.nacre.linux..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(NACRE);
    }

    @Test
    void tablesAndSystemCallsKnowNothingElse() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.nacre.linux..", "dev.nacre.hw..", "dev.nacre.display..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.nacre.pci..",
                        "dev.nacre.vfiouser..",
                        "dev.nacre.samples..",
                        "dev.nacre.board..",
                        "dev.nacre.cli..",
                        "dev.nacre.testsupport..")
                .check(NACRE);
    }

    @Test
    void boardKnowsNoTransport() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.nacre.board..", "dev.nacre.pci..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.nacre.vfiouser..", "dev.nacre.cli..", "dev.nacre.display..")
                .check(NACRE);
    }

    @Test
    void vfioUserAndSamplesKnowNoGpu() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.nacre.vfiouser..", "dev.nacre.samples..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.nacre.hw..", "dev.nacre.board..")
                .check(NACRE);
    }

    @Test
    void librariesLogThroughTheJdkOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.nacre.cli..", "dev.nacre.samples..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "picocli..", "org.eclipse.jetty..", "java.util.logging..")
                .check(NACRE);
    }

    @Test
    void firmwareVersionsStayInTheirTables() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.nacre.hw.gsp..", "dev.nacre.board.gsp..", "dev.nacre.board.rm..")
                .and()
                .resideOutsideOfPackage("dev.nacre.testsupport..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.nacre.hw.gsp.r..")
                .check(NACRE);
    }

    @Test
    void nothingStaticChanges() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.nacre..")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(NACRE);
    }
}
