package dev.nacre.vfio.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.vfio.placement.PlacementRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataFileTest {
    private static final MetadataFile.Target L40 =
            new MetadataFile.Target("570.144", "AD102", 0x26b5, PlacementRule.HALVING);
    private static final List<CatalogType> TYPES = TypeCatalog.shipped().types().stream()
            .filter(type -> type.name().startsWith("L40-"))
            .toList();

    @Test
    void writtenTypesAreRead() throws MetadataException {
        byte[] file = new MetadataWriter().types(0x26b5, TYPES).write();

        assertThat(MetadataFile.read(file, L40)).isEqualTo(TYPES);
    }

    @Test
    void blobsForOtherBoardsAreSkipped() throws MetadataException {
        List<CatalogType> one = TYPES.subList(0, 1);
        byte[] file =
                new MetadataWriter().types(0x26b1, TYPES).types(0x26b5, one).write();

        assertThat(MetadataFile.read(file, L40)).isEqualTo(one);
    }

    @Test
    void fileWithoutTypesForTheBoardIsRefused() {
        byte[] file = new MetadataWriter().types(0x26b1, TYPES).write();

        refused(file, "no types for the board: device=0x26b5");
    }

    @Test
    void otherVersionsAreRefused() {
        refused(new MetadataWriter().version(17, "570.144").types(0x26b5, TYPES).write(), "vgpu=17.1");
        refused(new MetadataWriter().version(18, "570.145").types(0x26b5, TYPES).write(), "firmware=570.145");
    }

    @Test
    void fileForAnotherFirmwareThanRunsIsRefused() {
        byte[] file = new MetadataWriter().types(0x26b5, TYPES).write();
        MetadataFile.Target old = new MetadataFile.Target("535.113.01", "AD102", 0x26b5, PlacementRule.HALVING);

        assertThatExceptionOfType(MetadataException.class)
                .isThrownBy(() -> MetadataFile.read(file, old))
                .withMessageContaining("running=535.113.01");
    }

    @Test
    void changedBytesAreFoundByTheCheckSum() {
        byte[] file = new MetadataWriter().types(0x26b5, TYPES).write();
        file[300] ^= 1;

        refused(file, "Check sum is wrong: offset=0x8");
    }

    @Test
    void otherFilesAreRefused() {
        refused(new byte[0], "too short");
        refused(new byte[232], "too short");
        refused(new byte[4096], "no NVVGPUMT file");
    }

    @ParameterizedTest
    @ValueSource(ints = {0xe0, 232, 240, 256, 264, 272, 280, 296, 304 + 0x04, 304 + 0x38, 304 + 0x50})
    void impossibleNumbersAreRefusedWithTheirPlace(int at) {
        byte[] file = new MetadataWriter().types(0x26b5, TYPES.subList(0, 2)).write();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(at, -2);
        MetadataWriter.seal(file);

        refused(file, "0x");
    }

    @Test
    void featuresOfTheReleaseAreNotLookedAt() throws MetadataException {
        byte[] file = new MetadataWriter().types(0x26b5, TYPES).write();
        Arrays.fill(file, 0x20, 0xa0, (byte) -1);

        assertThat(MetadataFile.read(MetadataWriter.seal(file), L40)).isEqualTo(TYPES);
    }

    @Test
    void typeThatComesTwiceIsRefused() {
        refused(
                new MetadataWriter()
                        .types(0x26b5, List.of(TYPES.getFirst(), TYPES.getFirst()))
                        .write(),
                "Type comes twice");
    }

    @Test
    void fileMayEndAnywhereWithoutHarm() {
        byte[] file = new MetadataWriter().types(0x26b5, TYPES.subList(0, 2)).write();

        IntStream.range(0, 700).forEach(bytes -> {
            byte[] part = Arrays.copyOf(file, bytes);
            assertThat(readOrRefuse(bytes > 232 ? MetadataWriter.seal(part) : part))
                    .isFalse();
        });
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    /** Bytes changed by chance, with a check sum that is right: types or a refusal, and nothing else. */
    @ParameterizedTest
    @MethodSource("seeds")
    void changesByChanceDoNoHarm(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] file = new MetadataWriter().types(0x26b5, TYPES.subList(0, 3)).write();
        for (int i = 0; i < 8; i++) {
            int at = 16 + random.nextInt(random.nextBoolean() ? 584 : file.length - 32);
            long value = random.nextBoolean() ? random.nextLong() : random.nextLong(-4, 4) << random.nextInt(60);
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
            readOrRefuse(MetadataWriter.seal(file));
        }
    }

    /** Whether a file is taken; anything but types or a refusal with a message fails the test. */
    private static boolean readOrRefuse(byte[] file) {
        try {
            assertThat(MetadataFile.read(file, L40))
                    .isNotEmpty()
                    .allMatch(type -> type.id() > 0
                            && type.memory().fbBytes() > 0
                            && type.share().maxInstances() > 0);
            return true;
        } catch (MetadataException e) {
            assertThat(e).hasMessageMatching("[A-Z][^\n]*");
            return false;
        }
    }

    private static void refused(byte[] file, String problem) {
        assertThatExceptionOfType(MetadataException.class)
                .isThrownBy(() -> MetadataFile.read(file, L40))
                .withMessageContaining(problem);
    }
}
