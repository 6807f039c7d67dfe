package dev.nacre.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md that module descriptors cannot keep by themselves. */
class ArchitectureTest {
    private static final JavaClasses NACRE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.nacre");

    private static final List<String> MODULES = List.of(
            "linux",
            "hw",
            "pci",
            "vfiouser",
            "samples",
            "board",
            "core",
            "corejava",
            "corec",
            "coretck",
            "vfio",
            "drm",
            "display",
            "daemon",
            "cli",
            "testsupport");

    @Test
    void everyModuleIsSeen() {
        for (String module : MODULES) {
            assertThat(NACRE.stream().anyMatch(c -> (c.getPackageName() + ".").startsWith("dev.nacre." + module + ".")))
                    .as(module)
                    .isTrue();
        }
    }

    @Test
    void onlyLinuxAndTheBridgeToTheCCoreLinkNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.nacre.linux..", "dev.nacre.corec..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(NACRE);
    }

    @Test
    void tablesAndSystemCallsKnowNothingElse() {
        for (String module : List.of("linux", "hw", "display")) {
            onlyKnows(module);
        }
    }

    @Test
    void coresKnowNoBoardNoTransportAndNotEachOther() {
        onlyKnows("core", "pci", "linux");
        onlyKnows("corejava", "core", "hw", "pci", "linux");
        onlyKnows("corec", "core", "pci", "linux");
        onlyKnows("coretck", "core", "pci", "linux");
    }

    @Test
    void vgpusSeeTheInterfaceOfACoreOnly() {
        onlyKnows("vfio", "core", "pci", "vfiouser", "linux");
    }

    @Test
    void drmSeesTheInterfaceOfACoreOnly() {
        onlyKnows("drm", "core", "pci", "linux");
    }

    @Test
    void drmDriversArePeersAndKnowNoServer() {
        for (String driver : List.of("nouveau", "nova")) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.nacre.drm." + driver + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.nacre.drm." + (driver.equals("nova") ? "nouveau" : "nova") + "..",
                            "dev.nacre.drm.server..")
                    .check(NACRE);
        }
    }

    /** Of all modules, one depends on itself and some others at most. */
    private static void onlyKnows(String module, String... others) {
        Set<String> allowed = new HashSet<>(Set.of(others));
        allowed.add(module);
        noClasses()
                .that()
                .resideInAPackage("dev.nacre." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(MODULES.stream()
                        .filter(other -> !allowed.contains(other))
                        .map(other -> "dev.nacre." + other + "..")
                        .toArray(String[]::new))
                .check(NACRE);
    }

    @Test
    void boardKnowsNoTransportAndNoCore() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.nacre.board..", "dev.nacre.pci..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.nacre.vfiouser..",
                        "dev.nacre.cli..",
                        "dev.nacre.daemon..",
                        "dev.nacre.display..",
                        "dev.nacre.core..",
                        "dev.nacre.corejava..",
                        "dev.nacre.corec..")
                .check(NACRE);
    }

    @Test
    void vfioUserAndSamplesKnowNoGpu() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.nacre.vfiouser..", "dev.nacre.samples..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.nacre.hw..",
                        "dev.nacre.board..",
                        "dev.nacre.core..",
                        "dev.nacre.corejava..",
                        "dev.nacre.corec..")
                .check(NACRE);
    }

    @Test
    void daemonKnowsNoCommandLineAndNoTestSupport() {
        noClasses()
                .that()
                .resideInAPackage("dev.nacre.daemon..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.nacre.cli..", "dev.nacre.testsupport..", "dev.nacre.samples..")
                .check(NACRE);
    }

    @Test
    void librariesLogThroughTheJdkOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.nacre.cli..", "dev.nacre.daemon..", "dev.nacre.samples..")
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
