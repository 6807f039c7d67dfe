package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Placement;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GEM_NEW, GEM_INFO, GEM_CPU_PREP, GEM_CPU_FINI, dumb buffers. */
class GemTest {
    private static final int NOWAIT = 1;

    @ParameterizedTest
    @CsvSource({
        // asked for, told, mappable
        "2,  2, true",
        "34, 2, false",
        "42, 2, true",
        "4,  4, true",
        "36, 4, true",
        "6,  4, true",
        "38, 2, false"
    })
    void domain_isOneOfThoseAskedFor(int asked, int told, boolean isMappable) {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            MemorySegment info = client.info(client.gem(TestClient.PAGE, asked));

            assertThat(TestClient.word(info, 4)).isEqualTo(told);
            assertThat(TestClient.longAt(info, 24) != 0).as("has a map handle").isEqualTo(isMappable);
        }
    }

    @Test
    void memoryThatNobodyElseReaches_isTheBoards() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int own = client.gem(TestClient.PAGE, TestClient.OWN);
            int mapped = client.gem(TestClient.PAGE, TestClient.OWN | TestClient.MAPPABLE);

            assertThat(placement(client, own)).isEqualTo(Placement.VRAM);
            assertThat(placement(client, mapped)).isEqualTo(Placement.SYSTEM);
        }
    }

    private static Placement placement(TestClient client, int handle) {
        try (GemObject object = client.file().gems().lookup(handle)) {
            return object.memory().placement();
        }
    }

    @Test
    void newObject_hasWholePagesKindAndMode() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            MemorySegment info = TestClient.gemInfo(5000, TestClient.VRAM, 6);
            info.asSlice(32, 4).fill((byte) 1);

            assertThat(client.gemNew(info)).isEmpty();

            MemorySegment told = client.info(TestClient.word(info, 0));
            assertThat(TestClient.longAt(told, 8)).isEqualTo(8192);
            assertThat(TestClient.word(told, 32)).isEqualTo(0x01010101);
            assertThat(TestClient.word(told, 36) >>> 8).isEqualTo(6);
            assertThat(told.mismatch(info.asSlice(0, 40))).isEqualTo(-1);
        }
    }

    @Test
    void address_isTheDriversAndStays() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int one = client.gem(TestClient.PAGE, TestClient.GART);
            int other = client.gem(3 << 20, TestClient.GART);
            long address = TestClient.longAt(client.info(one), 16);

            assertThat(address).isPositive();
            assertThat(TestClient.longAt(client.info(other), 16)).isNotEqualTo(address);
            assertThat(TestClient.longAt(client.info(one), 16)).isEqualTo(address);
        }
    }

    @Test
    void addressThatTheClientManages_isNotTold() {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            assertThat(TestClient.longAt(client.info(client.gem(TestClient.PAGE, TestClient.GART)), 16))
                    .isZero();
        }
    }

    @Test
    void addresses_areUsedAgain() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            long used = client.param(19);
            for (int i = 0; i < 200; i++) {
                int handle = client.gem(64 << 20, TestClient.VRAM | TestClient.MAPPABLE);
                client.file().gems().remove(handle);
            }

            assertThat(client.param(19)).isEqualTo(used);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1L << 41, 1L << 40})
    void impossibleSize_isRefused(long bytes) {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(client.gemNew(TestClient.gemInfo(bytes, TestClient.GART, 0)))
                    .contains(bytes == 0 ? Errno.EINVAL : Errno.ENOMEM);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 16, 0xff})
    void impossibleKind_isEinval(int kind) {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(client.gemNew(TestClient.gemInfo(TestClient.PAGE, TestClient.GART, kind)))
                    .contains(Errno.EINVAL);
        }
    }

    @Test
    void moreMemoryThanThereIs_isEnomemAndLeavesTheRest() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            long all = client.param(8);

            assertThat(client.gemNew(TestClient.gemInfo(2 * all, TestClient.VRAM, 0)))
                    .contains(Errno.ENOMEM);
            assertThat(client.gemNew(TestClient.gemInfo(all / 4 * 3, TestClient.VRAM | TestClient.MAPPABLE, 0)))
                    .isEmpty();
            assertThat(client.gemNew(TestClient.gemInfo(all / 4 * 3, TestClient.VRAM | TestClient.MAPPABLE, 0)))
                    .contains(Errno.ENOMEM);
            client.gem(TestClient.PAGE, TestClient.VRAM);
        }
    }

    @Test
    void objectsWithoutEnd_areRefusedAndComeBack() {
        try (Rig rig = new Rig();
                TestClient next = rig.client()) {
            TestClient greedy = rig.client().nvk();
            Optional<Errno> last = Optional.empty();
            for (int i = 0; i < 40_000 && last.isEmpty(); i++) {
                last = greedy.gemNew(TestClient.gemInfo(TestClient.PAGE, TestClient.GART, 0));
            }
            assertThat(last).contains(Errno.ENOMEM);

            greedy.close();

            next.gem(TestClient.PAGE, TestClient.GART);
            next.channel(TestClient.ENGINE_CE);
        }
    }

    @Test
    void unknownHandle_isEnoent() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(client.cpuPrep(1, 0)).contains(Errno.ENOENT);
            assertThat(client.ioctl(0x43, TestClient.words(1))).contains(Errno.ENOENT);
            assertThat(client.ioctl(0x44, TestClient.bytes(40))).contains(Errno.ENOENT);
        }
    }

    @Test
    void objectThatNobodyUses_isReady() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int handle = client.gem(TestClient.PAGE, TestClient.GART);

            assertThat(client.cpuPrep(handle, NOWAIT)).isEmpty();
            assertThat(client.ioctl(0x43, TestClient.words(handle))).isEmpty();
        }
    }

    @Test
    void dumbBuffer_isMappableVideoMemory() {
        try (Rig rig = new Rig();
                TestClient client = rig.client();
                GemObject dumb = rig.driver().createDumb(client.file(), 8192)) {
            int handle = client.file().gems().create(dumb);

            assertThat(dumb.isMappable()).isTrue();
            assertThat(TestClient.word(client.info(handle), 4)).isEqualTo(TestClient.VRAM);
        }
    }
}
