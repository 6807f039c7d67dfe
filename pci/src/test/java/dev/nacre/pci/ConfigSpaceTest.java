package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ConfigSpaceTest {
    private static final int COMMAND = 0x04;
    private static final int STATUS = 0x06;
    private static final int ALL_ONES = -1;

    private final Interrupts interrupts = new Interrupts(1, 1, 0, 1, 1);
    private final GuestMemory memory = new GuestMemory();
    private final RecordingListener listener = new RecordingListener();

    /** Laid out as an L40: registers, frame buffer, instance memory, I/O, ROM; PM, MSI and PCI Express. */
    private final ConfigSpace config = ConfigSpace.builder(0x10de, 0x26b5)
            .revision(0xa1)
            .classCode(0x03_00_00)
            .subsystem(0x10de, 0x169d)
            .bar(0, Bar.memory32(16 << 20))
            .bar(1, Bar.memory64(64L << 30))
            .bar(3, Bar.memory64(32 << 20))
            .bar(5, Bar.io(128))
            .rom(512 << 10)
            .capability(0x60, new PowerManagement())
            .capability(0x68, new Msi(1, false))
            .capability(0x78, PciExpress.endpoint(4, 16))
            .extended(0x100, ExtendedCapability.serialNumber(0x0102030405060708L))
            .extended(0x200, ExtendedCapability.vendorSpecific(0x10de, 2, new byte[] {1, 2, 3, 4}))
            .build(interrupts, memory, listener);

    private int sized(int offset) {
        config.write(offset, 4, ALL_ONES);
        return config.read(offset, 4);
    }

    @Test
    void headerShowsIdentityAndIgnoresWrites() {
        for (int offset = 0; offset < 0x40; offset += 4) {
            config.write(offset, 4, 0);
        }

        assertThat(config.read(0x00, 4)).isEqualTo(0x26b5_10de);
        assertThat(config.read(0x08, 4)).isEqualTo(0x0300_00a1);
        assertThat(config.read(0x0e, 1)).isZero();
        assertThat(config.read(0x2c, 4)).isEqualTo(0x169d_10de);
        assertThat(config.read(0x34, 1)).isEqualTo(0x60);
        assertThat(config.read(0x3d, 1)).isEqualTo(1);
        assertThat(config.read(STATUS, 2)).isEqualTo(0x0010);
    }

    @Test
    void functionWithoutIntxHasNoPin() {
        ConfigSpace pinless =
                ConfigSpace.builder(0x10de, 1).build(new Interrupts(0, 0, 0, 0, 0), new GuestMemory(), listener);

        pinless.write(COMMAND, 2, 0xffff);

        assertThat(pinless.read(0x3d, 1)).isZero();
        assertThat(pinless.read(COMMAND, 2)).isEqualTo(0x0144);
        assertThat(pinless.read(STATUS, 2)).isZero();
    }

    @Test
    void cacheLineAndInterruptLineAreScratch() {
        config.write(0x0c, 4, ALL_ONES);
        config.write(0x3c, 4, 0x0000_000b);

        assertThat(config.read(0x0c, 4)).isEqualTo(0xff);
        assertThat(config.read(0x3c, 4)).isEqualTo(0x010b);
    }

    @Test
    void memory32BarSizesAndTakesAlignedAddresses() {
        int mask = sized(0x10);
        config.write(0x10, 4, 0xfe12_3456);

        assertThat(mask).isEqualTo(0xff00_0000);
        assertThat(config.read(0x10, 4)).isEqualTo(0xfe00_0000);
        assertThat(config.barAddress(0)).isEqualTo(0xfe00_0000L);
    }

    @Test
    void memory64BarBeyond4GibSizesInItsUpperHalf() {
        int low = sized(0x14);
        int high = sized(0x18);
        config.write(0x14, 4, 0x0000_0000);
        config.write(0x18, 4, 0x0000_0039);

        assertThat(low).isEqualTo(0x0000_000c);
        assertThat(high).isEqualTo(0xffff_fff0);
        assertThat(config.read(0x14, 4)).isEqualTo(0x0000_000c);
        assertThat(config.read(0x18, 4)).isEqualTo(0x0000_0030);
        assertThat(config.barAddress(1)).isEqualTo(0x30_0000_0000L);
    }

    @Test
    void memory64BarBelow4GibTakesAnyUpperHalf() {
        int low = sized(0x1c);
        int high = sized(0x20);
        config.write(0x1c, 4, 0xe000_0000);
        config.write(0x20, 4, 0x0000_0007);

        assertThat(low).isEqualTo(0xfe00_000c);
        assertThat(high).isEqualTo(0xffff_ffff);
        assertThat(config.barAddress(3)).isEqualTo(0x7_e000_0000L);
    }

    @Test
    void nonPrefetchableMemory64BarShowsItsType() {
        ConfigSpace plain = ConfigSpace.builder(1, 1)
                .bar(4, new Bar(Bar.Space.MEMORY_64, false, 0x1000))
                .bar(0, new Bar(Bar.Space.MEMORY_32, true, 0x10))
                .build(new Interrupts(), new GuestMemory(), listener);

        assertThat(plain.read(0x20, 4)).isEqualTo(0x4);
        assertThat(plain.read(0x10, 4)).isEqualTo(0x8);
    }

    @Test
    void ioBarSizes() {
        int mask = sized(0x24);
        config.write(0x24, 4, 0x0000_c0ff);

        assertThat(mask).isEqualTo(0xffff_ff81);
        assertThat(config.read(0x24, 4)).isEqualTo(0x0000_c081);
        assertThat(config.barAddress(5)).isEqualTo(0xc080);
    }

    @Test
    void romBarSizesWithItsEnableBit() {
        config.write(0x30, 4, 0xffff_f800);
        int mask = config.read(0x30, 4);
        int withEnable = sized(0x30);
        config.write(0x30, 4, 0xfeb1_2345);

        assertThat(mask).isEqualTo(0xfff8_0000);
        assertThat(withEnable).isEqualTo(0xfff8_0001);
        assertThat(config.read(0x30, 4)).isEqualTo(0xfeb0_0001);
    }

    @Test
    void smallBarsMixedWithEmptyOnesSizeAndAreRestored() {
        ConfigSpace mixed = ConfigSpace.builder(1, 1)
                .bar(0, Bar.memory32(4 << 10))
                .bar(2, Bar.memory32(8 << 10))
                .bar(5, Bar.memory32(16 << 10))
                .build(new Interrupts(), new GuestMemory(), listener);
        int[] masks = new int[6];
        int[] restored = new int[6];
        for (int bar = 0; bar < 6; bar++) {
            int at = 0x10 + 4 * bar;
            mixed.write(at, 4, 0xfe00_0000 + (bar << 16));
            int before = mixed.read(at, 4);
            mixed.write(at, 4, ALL_ONES);
            masks[bar] = mixed.read(at, 4);
            mixed.write(at, 4, before);
            restored[bar] = mixed.read(at, 4);
        }

        assertThat(masks).containsExactly(0xffff_f000, 0, 0xffff_e000, 0, 0, 0xffff_c000);
        assertThat(restored).containsExactly(0xfe00_0000, 0, 0xfe02_0000, 0, 0, 0xfe05_0000);
    }

    @Test
    void romBarSizesByAnUnalignedAndATwoByteWrite() {
        config.write(0x31, 2, 0xffff);
        int unaligned = config.read(0x30, 4);
        config.write(0x32, 2, 0xffff);

        assertThat(unaligned).isEqualTo(0x00f8_0000);
        assertThat(config.read(0x30, 4)).isEqualTo(0xfff8_0000);
    }

    @Test
    void absentBarAndRomReadZero() {
        ConfigSpace bare = ConfigSpace.builder(1, 1).build(new Interrupts(), new GuestMemory(), listener);

        bare.write(0x10, 4, ALL_ONES);
        bare.write(0x30, 4, ALL_ONES);

        assertThat(bare.read(0x10, 4)).isZero();
        assertThat(bare.read(0x30, 4)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bare.barAddress(0))
                .withMessage("There is no BAR 0");
        assertThatIllegalArgumentException().isThrownBy(() -> config.barAddress(2));
        assertThatIllegalArgumentException().isThrownBy(() -> config.barAddress(6));
    }

    @Test
    void twoByteSizingWritesSizeTheirHalf() {
        config.write(0x1c, 2, 0xffff);
        int lowHalf = config.read(0x1c, 4);
        config.write(0x1e, 2, 0xffff);

        assertThat(lowHalf).isEqualTo(0x0000_000c);
        assertThat(config.read(0x1c, 4)).isEqualTo(0xfe00_000c);
        assertThat(config.read(0x1e, 2)).isEqualTo(0xfe00);
    }

    @Test
    void byteWritesChangeOnlyTheirByte() {
        config.write(0x10, 4, 0xe000_0000);

        config.write(0x13, 1, 0xfd);
        config.write(0x11, 1, 0xff);

        assertThat(config.read(0x10, 4)).isEqualTo(0xfd00_0000);
    }

    @Test
    void unalignedWriteAcrossTwoBarsSizesBoth() {
        config.write(0x12, 4, ALL_ONES);

        assertThat(config.read(0x10, 4)).isEqualTo(0xff00_0000);
        assertThat(config.read(0x14, 4)).isEqualTo(0x0000_000c);
        assertThat(config.read(0x13, 4)).isEqualTo(0x0000_0cff);
    }

    @Test
    void unalignedWriteAcrossBothHalvesOfABarSizesBoth() {
        MemorySegment ones = MemorySegment.ofArray(new byte[8]).fill((byte) 0xff);

        config.write(0x17, ones, 1, 3);

        assertThat(config.read(0x14, 4)).isEqualTo(0x0000_000c);
        assertThat(config.read(0x18, 4)).isEqualTo(0x0000_fff0);
    }

    @Test
    void statusErrorsAreClearedByWritingOne() {
        config.receivedMasterAbort();
        config.receivedMasterAbort();

        int raised = config.read(STATUS, 2);
        config.write(STATUS, 2, 0x0800);
        int afterOther = config.read(STATUS, 2);
        config.write(COMMAND, 4, 0x2000_0000);

        assertThat(raised).isEqualTo(0x2010);
        assertThat(afterOther).isEqualTo(0x2010);
        assertThat(config.read(STATUS, 2)).isEqualTo(0x0010);
    }

    @Test
    void statusErrorNotYetReadIsClearedToo() {
        config.receivedMasterAbort();

        config.write(STATUS + 1, 1, 0xff);

        assertThat(config.read(STATUS, 2)).isEqualTo(0x0010);
    }

    @Test
    void statusShowsTheInterruptLine() {
        interrupts.line(true);
        int asserted = config.read(STATUS, 2);
        interrupts.line(false);

        assertThat(asserted).isEqualTo(0x0018);
        assertThat(config.read(STATUS, 2)).isEqualTo(0x0010);
    }

    @Test
    void commandTakesOnlyItsBits() {
        config.write(COMMAND, 2, 0xffff);

        assertThat(config.read(COMMAND, 2)).isEqualTo(0x0547);
    }

    @Test
    void busMasterEnableOpensGuestMemory() {
        memory.map(0x1000, MemorySegment.ofArray(new byte[16]), true, true);

        config.write(COMMAND, 2, 0x0004);
        int value = memory.readInt(0x1000);
        config.write(COMMAND, 1, 0);

        assertThat(value).isZero();
        assertThatThrownBy(() -> memory.readInt(0x1000)).isInstanceOf(DmaFault.class);
    }

    @Test
    void decodeBitsAreToldOncePerChange() {
        config.write(COMMAND, 2, 0x0002);
        config.write(COMMAND, 2, 0x0006);
        config.write(COMMAND, 2, 0x0003);
        config.write(COMMAND, 2, 0x0000);

        assertThat(listener.heard())
                .containsExactly("memory=true io=false", "memory=true io=true", "memory=false io=false");
        assertThat(config.memoryDecoded()).isFalse();
        assertThat(config.ioDecoded()).isFalse();
    }

    @Test
    void interruptDisableSilencesTheLine() {
        CountingSink sink = new CountingSink();
        interrupts.bind(InterruptKind.INTX, 0, sink);
        config.write(COMMAND, 2, 0x0400);
        interrupts.line(true);
        int whileDisabled = sink.signals();

        config.write(COMMAND, 2, 0x0000);

        assertThat(whileDisabled).isZero();
        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void wholeSpaceReadsInOneGo() {
        MemorySegment all = MemorySegment.ofArray(new byte[4096 + 3]);

        config.read(0, all, 3, 4096);

        assertThat(config.size()).isEqualTo(4096);
        assertThat(all.get(ValueLayout.JAVA_SHORT_UNALIGNED, 3)).isEqualTo((short) 0x10de);
        assertThat(all.get(ValueLayout.JAVA_BYTE, 3 + 0x60)).isEqualTo((byte) 1);
    }

    @Test
    void wholeSpaceOfOnesChangesNothingThatIsReadOnly() {
        MemorySegment ones = MemorySegment.ofArray(new byte[4096]).fill((byte) 0xff);

        config.write(0, ones, 0, 4096);

        assertThat(config.read(0x00, 4)).isEqualTo(0x26b5_10de);
        assertThat(config.read(0x60, 4)).isEqualTo(0x0003_6801);
        assertThat(config.read(0x100, 4)).isEqualTo(0x2001_0003);
        assertThat(config.read(0x104, 4)).isEqualTo(0x0506_0708);
        assertThat(config.read(0xb4, 4)).isZero();
        assertThat(config.read(0xffc, 4)).isZero();
        assertThat(listener.heard()).endsWith("FLR");
    }

    @Test
    void accessOutsideTheSpaceIsTheCallersError() {
        MemorySegment four = MemorySegment.ofArray(new byte[4]);

        assertThatThrownBy(() -> config.read(4093, four, 0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> config.write(-1, four, 0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> config.write(0x10, four, 1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> config.read(4096, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> config.write(4094, 4, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(config.read(0x10, 4)).isZero();
    }

    @Test
    void accessOfNothingDoesNothing() {
        MemorySegment none = MemorySegment.ofArray(new byte[0]);

        config.read(0x80, none, 0, 0);
        config.write(4096, none, 0, 0);

        assertThat(listener.heard()).isEmpty();
    }

    @Test
    void extendedListIsChained() {
        assertThat(config.read(0x100, 4)).isEqualTo(0x2001_0003);
        assertThat(config.read(0x104, 4)).isEqualTo(0x0506_0708);
        assertThat(config.read(0x108, 4)).isEqualTo(0x0102_0304);
        assertThat(config.read(0x200, 4)).isEqualTo(0x0001_000b);
        assertThat(config.read(0x204, 4)).isEqualTo(0x00c2_10de);
        assertThat(config.read(0x208, 4)).isEqualTo(0x0403_0201);
    }

    @Test
    void regionsAreThoseOfTheDescription() {
        assertThat(config.region(0)).isEqualTo(Region.readWrite(16 << 20));
        assertThat(config.region(1)).isEqualTo(Region.readWrite(64L << 30));
        assertThat(config.region(2)).isEqualTo(Region.ABSENT);
        assertThat(config.region(5)).isEqualTo(Region.readWrite(128));
        assertThat(config.region(6)).isEqualTo(Region.readOnly(512 << 10));
        assertThat(config.region(7)).isEqualTo(Region.readWrite(4096));
        assertThat(config.region(8)).isEqualTo(Region.ABSENT);
        ConfigSpace bare = ConfigSpace.builder(1, 1).build(new Interrupts(), new GuestMemory(), listener);
        assertThat(bare.region(6)).isEqualTo(Region.ABSENT);
        assertThat(bare.region(7)).isEqualTo(Region.readWrite(256));
    }

    @Test
    void resetRestoresResetValuesAndTellsWhatEnds() {
        memory.map(0x1000, MemorySegment.ofArray(new byte[16]), true, true);
        config.write(COMMAND, 2, 0x0407);
        config.write(0x10, 4, 0xe000_0000);
        config.write(0x3c, 1, 11);
        config.receivedMasterAbort();

        config.reset();

        assertThat(config.read(COMMAND, 4)).isEqualTo(0x0010_0000);
        assertThat(config.read(0x10, 4)).isZero();
        assertThat(config.read(0x3c, 1)).isZero();
        assertThat(listener.heard()).containsExactly("memory=true io=true", "memory=false io=false");
        assertThatThrownBy(() -> memory.readInt(0x1000)).isInstanceOf(DmaFault.class);
    }

    @Test
    void restoredStateActsAsTheSavedOne() {
        config.write(COMMAND, 2, 0x0006);
        config.write(0x18, 4, 0x70);
        config.write(0x14, 4, 0);
        config.receivedMasterAbort();
        byte[] image = config.save();
        config.reset();
        memory.map(0x1000, MemorySegment.ofArray(new byte[16]), true, true);

        config.restore(image);

        assertThat(config.save()).isEqualTo(image);
        assertThat(config.barAddress(1)).isEqualTo(0x70_0000_0000L);
        assertThat(config.memoryDecoded()).isTrue();
        assertThat(memory.readInt(0x1000)).isZero();
        assertThat(listener.heard())
                .containsExactly("memory=true io=false", "memory=false io=false", "memory=true io=false");
    }

    @Test
    void foreignImageCannotChangeWhatIsReadOnly() {
        byte[] ones = new byte[4096];
        Arrays.fill(ones, (byte) 0xff);

        config.restore(ones);

        assertThat(config.read(0, 4)).isEqualTo(0x26b5_10de);
        assertThat(config.read(0x34, 1)).isEqualTo(0x60);
        assertThat(config.read(0xff0, 4)).isZero();
        assertThat(listener.heard()).doesNotContain("FLR");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.restore(new byte[256]))
                .withMessage("Config image has 256 bytes, not 4096");
    }
}
