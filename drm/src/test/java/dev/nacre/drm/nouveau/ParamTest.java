package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.chip.Chip;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GETPARAM, SETPARAM, GET_ZCULL_INFO, SVM. */
class ParamTest {
    private static final int CHIPSET_ID = 11;
    private static final int GRAPH_UNITS = 13;
    private static final int PTIMER_TIME = 14;
    private static final int EXEC_PUSH_MAX = 17;
    private static final int VRAM_USED = 19;

    @ParameterizedTest
    @EnumSource(Chip.class)
    void board_isToldAsItIs(Chip chip) {
        try (Rig rig = new Rig(chip);
                TestClient client = rig.client()) {
            assertThat(client.param(3)).isEqualTo(0x10de);
            assertThat(client.param(4)).isEqualTo(chip.deviceId());
            assertThat(client.param(5)).as("PCI Express").isEqualTo(2);
            assertThat(client.param(CHIPSET_ID)).isEqualTo(chip.boot0() >>> 20);
            assertThat(client.param(8))
                    .isPositive()
                    .isLessThan(rig.core().board().fbBytes());
            assertThat(client.param(9)).isPositive();
            assertThat(client.param(18)).isEqualTo(rig.core().board().bar1Bytes());
        }
    }

    @Test
    void graphUnits_areGpcsAndTpcs() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            long units = client.param(GRAPH_UNITS);

            assertThat(units & 0xff).isPositive();
            assertThat(units >>> 8 & 0xffff).isGreaterThanOrEqualTo(units & 0xff);
            assertThat(units >>> 24).isZero();
        }
    }

    @Test
    void constants_areThoseOfTheVersion() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(client.param(12)).as("VM_VRAM_BASE").isZero();
            assertThat(client.param(15)).as("HAS_BO_USAGE").isOne();
            assertThat(client.param(16)).as("HAS_PAGEFLIP").isOne();
            assertThat(client.param(EXEC_PUSH_MAX)).isEqualTo(510);
            assertThat(client.param(20)).as("HAS_VMA_TILEMODE").isOne();
        }
    }

    @Test
    void time_goesOn() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            long first = client.param(PTIMER_TIME);
            long second = client.param(PTIMER_TIME);

            assertThat(first).isPositive();
            assertThat(second).isGreaterThan(first);
        }
    }

    @Test
    void vramUsed_countsObjects() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            long before = client.param(VRAM_USED);
            int handle = client.gem(1 << 20, TestClient.VRAM);

            assertThat(before).isPositive();
            assertThat(client.param(VRAM_USED)).isEqualTo(before + (1 << 20));
            client.file().gems().remove(handle);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 6, 7, 10, 21, 1L << 32 | 3, -1})
    void unknownParameter_isEinval(long param) {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            MemorySegment arg = TestClient.words(TestClient.low(param), TestClient.high(param), 0, 0);

            assertThat(client.ioctl(0x00, arg)).contains(Errno.EINVAL);
        }
    }

    @Test
    void setParam_isForNobody() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(client.ioctl(0x01, TestClient.bytes(16))).contains(Errno.EACCES);
        }
    }

    @Test
    void zcullInfo_hasNoDivisorOfZero() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            MemorySegment info = TestClient.bytes(48);

            assertThat(client.ioctl(0x13, info)).isEmpty();

            for (int field = 0; field < 10; field++) {
                assertThat(TestClient.word(info, 4L * field)).isPositive();
            }
            assertThat(TestClient.word(info, 40))
                    .as("bytes switched with contexts")
                    .isZero();
        }
    }

    @Test
    void svm_isAbsent() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(client.ioctl(0x08, TestClient.bytes(16))).contains(Errno.ENOSYS);
            assertThat(client.ioctl(0x09, TestClient.bytes(64))).contains(Errno.ENOSYS);
        }
    }
}
