package dev.nacre.vfio.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.vfio.type.CatalogType;
import dev.nacre.vfio.type.TypeCatalog;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guest sees of its virtual GPU's configuration space. */
class GuestConfigTest {
    private static final int COMMAND = 0x04;
    private static final int MEMORY = 0x02;
    private static final int BUS_MASTER = 0x04;
    private static final int BAR1 = 0x14;
    private static final int PM_CONTROL = 0x64;
    private static final int PCIE = 0x78;
    private static final int DEVICE_CONTROL = PCIE + 0x08;
    private static final int FUNCTION_LEVEL_RESET = 0x8000;

    private final CatalogType type = TypeCatalog.shipped().find("L40-1B").orElseThrow();
    private final VirtualFunction function = new VirtualFunction();
    private final AtomicInteger resets = new AtomicInteger();
    private final GuestConfig config = new GuestConfig(type, function, resets::incrementAndGet);

    @Test
    void identityIsTheTypesAndThatOfAVgaController() {
        assertThat(read(0x00, 4)).isEqualTo(0x26b5_10deL);
        assertThat(read(0x2c, 4)).isEqualTo(0x176d_10deL);
        assertThat(read(0x08, 4)).isEqualTo(0x030000_a1L);
    }

    @Test
    void partsOfARegisterReadAsTheWhole() {
        write(COMMAND, MEMORY | BUS_MASTER, 2);

        for (int at = 0; at < 0x100; at += 4) {
            long whole = read(at, 4);
            assertThat(read(at, 2) | read(at + 2, 2) << 16).as("0x%x", at).isEqualTo(whole);
            assertThat(read(at, 1) | read(at + 1, 1) << 8 | read(at + 2, 1) << 16 | read(at + 3, 1) << 24)
                    .as("0x%x", at)
                    .isEqualTo(whole);
        }
    }

    @Test
    void barOfMemoryIsAsLargeAsTheTypeSaysWhenItIsSized() {
        write(BAR1, 0xffff_ffffL, 4);
        write(BAR1 + 4, 0xffff_ffffL, 4);

        long size = -((read(BAR1, 4) | read(BAR1 + 4, 4) << 32) & ~0xfL);

        assertThat(size).isEqualTo(type.memory().bar1Bytes());
        assertThat(config.region(GuestConfig.MEMORY_BAR).size()).isEqualTo(size);
    }

    @Test
    void barOfMemoryIsNotLargerThanTheVirtualFunctions() {
        function.memoryBytes = 64 << 20;

        GuestConfig small = new GuestConfig(type, function, () -> {});

        assertThat(small.region(GuestConfig.MEMORY_BAR).size()).isEqualTo(64 << 20);
    }

    @Test
    void thereArePowerManagementMsiAndPciExpress() {
        StringBuilder ids = new StringBuilder();
        for (long at = read(0x34, 1); at != 0; at = read((int) at + 1, 1)) {
            ids.append(read((int) at, 1)).append(' ');
        }

        assertThat(ids.toString().split(" ")).containsExactlyInAnyOrder("1", "5", "16");
    }

    @Test
    void busMasterBitReachesTheVirtualFunctionAtOnce() {
        write(COMMAND, BUS_MASTER, 2);
        assertThat(function.command).isEqualTo(BUS_MASTER);
        assertThat(config.mastering()).isTrue();

        write(COMMAND, 0, 1);
        assertThat(function.command).isZero();
        assertThat(config.mastering()).isFalse();
    }

    @Test
    void sleepingFunctionDoesNotReachMemory() {
        write(COMMAND, BUS_MASTER, 2);

        write(PM_CONTROL, 3, 2);

        assertThat(function.command).isZero();
    }

    @Test
    void functionLevelResetIsToldOnceAndNotTakenForARegister() {
        write(DEVICE_CONTROL, FUNCTION_LEVEL_RESET, 2);

        assertThat(resets).hasValue(1);
        assertThat(read(DEVICE_CONTROL, 2) & FUNCTION_LEVEL_RESET).isZero();
    }

    @Test
    void resetTakesDecodingAndBusMasterBack() {
        write(COMMAND, MEMORY | BUS_MASTER, 2);

        config.reset();

        assertThat(config.memoryDecoded()).isFalse();
        assertThat(function.command).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x02, 0x08, 0x2c, 0x2e, 0x34, 0x3d})
    void registersThatSayWhatItIsCannotBeWritten(int at) {
        long before = read(at, 1);

        write(at, ~before & 0xff, 1);

        assertThat(read(at, 1)).isEqualTo(before);
    }

    private long read(int offset, int count) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
        config.read(offset, bytes, 0, count);
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    private void write(int offset, long value, int count) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
        bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
        config.write(offset, bytes, 0, count);
    }

    /** A virtual function of which only the command register can be written. */
    private static final class VirtualFunction implements PciFunction {
        private final Interrupts interrupts = new Interrupts(0, 1, 0, 0, 0);
        private final GuestMemory memory = new GuestMemory();
        private long memoryBytes = 1L << 32;
        private int command;

        @Override
        public Region region(int index) {
            return switch (index) {
                case GuestConfig.REGISTERS_BAR -> new Region(16 << 20, true, true);
                case GuestConfig.MEMORY_BAR -> new Region(memoryBytes, true, true);
                case GuestConfig.INSTANCE_BAR -> new Region(32 << 20, true, true);
                case CONFIG_REGION -> new Region(4096, true, true);
                default -> Region.ABSENT;
            };
        }

        @Override
        public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
            assertThat(region).isEqualTo(CONFIG_REGION);
            dst.asSlice(dstOffset, count).fill((byte) 0xa1);
        }

        @Override
        public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
            assertThat(region).isEqualTo(CONFIG_REGION);
            assertThat(offset).isEqualTo(COMMAND);
            command = src.get(ValueLayout.JAVA_SHORT_UNALIGNED, srcOffset);
        }

        @Override
        public Interrupts interrupts() {
            return interrupts;
        }

        @Override
        public GuestMemory memory() {
            return memory;
        }

        @Override
        public void reset() {}

        @Override
        public void disconnected() {}
    }
}
