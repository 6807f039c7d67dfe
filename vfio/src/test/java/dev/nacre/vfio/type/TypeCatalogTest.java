package dev.nacre.vfio.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.VgpuType;
import dev.nacre.vfio.placement.BoardLayout;
import dev.nacre.vfio.placement.PlacementMode;
import dev.nacre.vfio.placement.Placer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class TypeCatalogTest {
    private static final long MIB = 1L << 20;
    private static final long SEGMENT = 128 * MIB;

    private static final String OWN = """
            chip = "AD102"
            device-id = 0x26b5
            memory-gib = 48
            placement = "halving"
            guest-name-prefix = "Our "
            bar1-mib = 256

            [series.Q]
            heads = 2
            max-width = 1920
            max-height = 1080
            frame-rate-limit = 30
            ecc = true
            encoder-percent = 50
            reserved-mib = 0
            guest-device-id = 0x26b5
            guest-subsystem-id = 0
            licenses = ""

            [[type]]
            id = 5000
            name = "Ours-5Q"
            fb-mib = 4096
            heap-mib = 64
            instances = 9
            """;

    @TempDir
    private Path folder;

    private final TypeCatalog shipped = TypeCatalog.shipped();

    @Test
    void shippedL40HasItsSizesInItsSeries() {
        List<String> names = shipped.forChip("AD102").stream()
                .map(CatalogType::name)
                .filter(name -> name.startsWith("L40-"))
                .toList();

        assertThat(names)
                .contains("L40-1Q", "L40-2Q", "L40-3Q", "L40-4Q", "L40-6Q", "L40-8Q", "L40-12Q", "L40-16Q", "L40-24Q")
                .contains("L40-48Q", "L40-1B", "L40-2B", "L40-4C", "L40-48C", "L40-1A", "L40-48A")
                .doesNotContain("L40-4B", "L40-2C")
                .hasSize(29);
    }

    @Test
    void typesWhoseNumbersAreKnownHaveThem() {
        assertThat(List.of("869", "941", "950", "1521"))
                .map(id -> shipped.find(id).orElseThrow().name())
                .containsExactly("L40-1B", "RTX6000-Ada-1Q", "RTX6000-Ada-48Q", "DC-4Q");
    }

    @Test
    void otherShippedTypesHaveNumbersOfTheProductsRange() {
        Set<Integer> known = Set.of(869, 941, 942, 943, 944, 945, 946, 947, 948, 949, 950, 1518, 1521, 1540);

        assertThat(shipped.types())
                .filteredOn(type -> !known.contains(type.id()))
                .allMatch(type -> type.id() >= TypeCatalog.FIRST_OWN_ID && type.id() <= TypeCatalog.LAST_OWN_ID);
    }

    @Test
    void typeGoesToTheCoreWithAllItsFields() {
        assertThat(shipped.find("L40-1B").orElseThrow().toCore())
                .isEqualTo(new VgpuType(
                        869,
                        "NVIDIA L40-1B",
                        "NVS",
                        "GRID-Virtual-PC,2.0;Quadro-Virtual-DWS,5.0;GRID-Virtual-WS,2.0;GRID-Virtual-WS-Ext,2.0",
                        32,
                        4,
                        5120,
                        2880,
                        45,
                        false,
                        0x26b5,
                        0x176d,
                        1024 * MIB,
                        32 * MIB,
                        0,
                        256 * MIB,
                        100));
    }

    @Test
    void typesOfOtherChipsAreLeftOut() {
        assertThat(shipped.forChip("GB202"))
                .isNotEmpty()
                .allMatch(type -> type.chip().equals("GB202"));
        assertThat(shipped.forChip("GA102")).isEmpty();
    }

    @Test
    void firmwareCanBeToldAllTypesOfAChip() {
        assertThat(shipped.coreTypes("AD102")).hasSizeLessThanOrEqualTo(64);
        assertThat(shipped.coreTypes("AD102").stream().map(VgpuType::name)).allMatch(name -> name.length() < 32);
    }

    @Test
    void fixedShareDividesTheEnginesAmongTheInstances() {
        assertThat(shipped.find("L40-12Q").orElseThrow().share().fixedEngineShare())
                .isEqualTo(2500);
    }

    /** What the firmware keeps at the most, as docs/vgpu.md says: 1280 MiB of 48 GiB, 2 GiB of 96 GiB. */
    @TestFactory
    Collection<DynamicTest> allInstancesOfATypeFitOnItsBoard() {
        List<DynamicTest> tests = new ArrayList<>();
        for (CatalogType type : shipped.types()) {
            tests.add(DynamicTest.dynamicTest(type.name(), () -> {
                boolean ada = type.chip().equals("AD102");
                long board = (ada ? 48L : 96L) << 30;
                long kept = (ada ? 1280 : 2048) * MIB;
                BoardLayout layout = BoardLayout.within(type.placement(), board, 0, board - kept, SEGMENT);

                assertThat(new Placer(layout, PlacementMode.HOMOGENEOUS).places(type.footprint()))
                        .hasSize(type.share().maxInstances());
                assertThat(new Placer(layout, PlacementMode.HETEROGENEOUS).places(type.footprint()))
                        .isNotEmpty();
                assertThat(type.memory().fbBytes() % SEGMENT).isZero();
            }));
        }
        return tests;
    }

    @Test
    void operatorsTypesAreAddedFromAFolder() throws IOException {
        Files.writeString(folder.resolve("ours.toml"), OWN);
        Files.writeString(folder.resolve("notes.txt"), "not a file of types");

        TypeCatalog catalog = TypeCatalog.withFolder(folder);

        CatalogType type = catalog.find("Ours-5Q").orElseThrow();
        assertThat(type.guestName()).isEqualTo("Our Ours-5Q");
        assertThat(type.display()).isEqualTo(new TypeDisplay(2, 1920, 1080, 30));
        assertThat(catalog.types()).hasSize(shipped.types().size() + 1);
    }

    @Test
    void unknownKeysAreRefusedWithWhatIsAllowed() throws IOException {
        assertThat(problems(text -> text + "fb-gib = 4\n"))
                .singleElement()
                .asString()
                .matches(".*own\\.toml:26: type\\.fb-gib: is unknown: allowed=.*fb-mib.*");
    }

    @Test
    void allErrorsOfAFileAreToldAtOnceWithTheirLines() throws IOException {
        List<CatalogError> errors = problems(text -> text.replace("heads = 2", "heads = 9")
                .replace("bar1-mib = 256", "bar1-mib = 200")
                .replace("id = 5000\n", "")
                .replace("fb-mib = 4096", "fb-mib = \"much\""));

        assertThat(errors)
                .extracting(error -> error.line() + " " + error.key())
                .containsExactlyInAnyOrder("6 bar1-mib", "9 type.heads", "20 type.id", "22 type.fb-mib");
        assertThat(errors).allMatch(error -> error.problem().contains("allowed="));
    }

    @Test
    void instancesThatDoNotFitTheBoardAreRefused() throws IOException {
        assertThat(problems(text -> text.replace("instances = 9", "instances = 12")))
                .singleElement()
                .matches(error -> error.line() == 25 && error.key().equals("type.instances"));
    }

    @Test
    void memoryInImpossibleStepsIsRefused() throws IOException {
        assertThat(problems(text -> text.replace("fb-mib = 4096", "fb-mib = 4100")))
                .singleElement()
                .matches(error -> error.line() == 23 && error.key().equals("type.fb-mib"));
    }

    @Test
    void namesThatSayNoSizeAndSeriesAreRefused() throws IOException {
        assertThat(problems(text -> text.replace("Ours-5Q", "Ours")))
                .singleElement()
                .matches(error -> error.line() == 22 && error.key().equals("type.name"));
    }

    @Test
    void idsAndNamesOfOtherFilesAreRefused() throws IOException {
        List<CatalogError> errors =
                problems(text -> text.replace("id = 5000", "id = 869").replace("Ours-5Q", "L40-4Q"));

        assertThat(errors).extracting(CatalogError::key).containsExactly("type.id", "type.name");
        assertThat(errors).allMatch(error -> error.problem().contains("by=l40.toml:"));
    }

    @Test
    void textThatIsNoTomlIsRefusedWithItsLine() throws IOException {
        assertThat(problems(text -> text.replace("heads = 2", "heads = = 2")))
                .first()
                .matches(error -> error.line() == 9);
    }

    @Test
    void filesOfOneFolderAreToldTogether() throws IOException {
        Files.writeString(folder.resolve("a.toml"), "");
        Files.writeString(folder.resolve("b.toml"), "type = 3");

        assertThatExceptionOfType(CatalogException.class)
                .isThrownBy(() -> TypeCatalog.withFolder(folder))
                .satisfies(e -> assertThat(files(e.errors())).containsExactlyInAnyOrder("a.toml", "b.toml"));
    }

    @Test
    void hugeFilesAreRefusedUnread() throws IOException {
        Files.write(folder.resolve("huge.toml"), new byte[(1 << 20) + 1]);

        assertThatExceptionOfType(CatalogException.class)
                .isThrownBy(() -> TypeCatalog.withFolder(folder))
                .withMessageContaining("huge.toml: is larger than 1048576 bytes");
    }

    @Test
    void metadataReplacesTypesOfTheSameIdOrName() {
        CatalogType type = shipped.find("DC-4Q").orElseThrow();

        TypeCatalog catalog = shipped.withMetadata(List.of(type));

        assertThat(catalog.types()).containsExactlyElementsOf(shipped.types());
    }

    @Test
    void filesChangedByChanceAreTakenOrRefusedWithReasons() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder(OWN);
            for (int change = 0; change < 3; change++) {
                int at = random.nextInt(text.length());
                text.replace(
                        at, at + random.nextInt(3), random.nextInt(2) == 0 ? "" : "" + (char) random.nextInt(1, 300));
            }
            assertThat(problems(own -> text.toString()))
                    .allMatch(error -> !error.problem().isBlank());
        }
    }

    private static Set<String> files(List<CatalogError> errors) {
        Set<String> names = new HashSet<>();
        errors.forEach(error -> names.add(String.valueOf(Path.of(error.file()).getFileName())));
        return names;
    }

    /** What is wrong with the operator's file after a change. */
    private List<CatalogError> problems(UnaryOperator<String> change) throws IOException {
        Files.writeString(folder.resolve("own.toml"), change.apply(OWN));
        try {
            TypeCatalog.withFolder(folder);
        } catch (CatalogException e) {
            return e.errors();
        }
        return List.of();
    }
}
