package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ConfigSpaceBuilderTest {
    private final ConfigSpaceBuilder builder = ConfigSpace.builder(0x10de, 0x26b5);

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    private ConfigSpace build(Interrupts interrupts) {
        return builder.build(interrupts, new GuestMemory(), new RecordingListener());
    }

    @Test
    void barSizeMustBeAPowerOfTwoThatTheSpaceAllows() {
        refused(() -> Bar.memory32(0x3000), "BAR size 0x3000 is not a power of two");
        refused(() -> Bar.memory32(0), "BAR size 0x0 is not a power of two");
        refused(() -> Bar.memory64(Long.MIN_VALUE), "BAR size 0x8000000000000000 is not a power of two");
        refused(() -> Bar.memory32(8), "BAR size 0x8 is not 0x10 to 0x80000000 as MEMORY_32 needs");
        refused(() -> Bar.memory32(1L << 32), "BAR size 0x100000000 is not 0x10 to 0x80000000 as MEMORY_32 needs");
        refused(() -> Bar.io(2), "BAR size 0x2 is not 0x4 to 0x100 as IO needs");
        refused(() -> Bar.io(512), "BAR size 0x200 is not 0x4 to 0x100 as IO needs");
        refused(() -> new Bar(Bar.Space.IO, true, 16), "An I/O BAR cannot be prefetchable");
    }

    @Test
    void barsMustNotShareRegisters() {
        builder.bar(1, Bar.memory64(0x1000));
        Bar narrow = Bar.memory32(0x1000);

        refused(() -> builder.bar(1, narrow), "BAR 1 is taken, itself or by a neighbouring 64-bit BAR");
        refused(() -> builder.bar(2, narrow), "BAR 2 is taken, itself or by a neighbouring 64-bit BAR");
        refused(() -> builder.bar(0, Bar.memory64(0x1000)), "BAR 0 is taken, itself or by a neighbouring 64-bit BAR");
        refused(() -> builder.bar(5, Bar.memory64(0x1000)), "BAR 5 does not exist as a 64-bit one");
        refused(() -> builder.bar(6, narrow), "BAR 6 does not exist");
        refused(() -> builder.bar(-1, narrow), "BAR -1 does not exist");
        assertThat(builder.bar(0, narrow).bar(3, narrow)).isSameAs(builder);
    }

    @Test
    void romSizeMustBeAPowerOfTwoInRange() {
        refused(() -> builder.rom(1024), "ROM size 0x400 is not a power of two from 2 KiB to 16 MiB");
        refused(() -> builder.rom(0x3000), "ROM size 0x3000 is not a power of two from 2 KiB to 16 MiB");
        refused(() -> builder.rom(32 << 20), "ROM size 0x2000000 is not a power of two from 2 KiB to 16 MiB");
    }

    @Test
    void identityMustFitItsBits() {
        refused(() -> ConfigSpace.builder(0x1_0000, 0), "Vendor id 0x10000 has more than 16 bits");
        refused(() -> ConfigSpace.builder(0, -1), "Device id 0xffffffff has more than 16 bits");
        refused(() -> builder.revision(0x100), "Revision 0x100 has more than 8 bits");
        refused(() -> builder.classCode(0x100_0000), "Class code 0x1000000 has more than 24 bits");
        refused(() -> builder.subsystem(0, 0x1_0000), "Subsystem id 0x10000 has more than 16 bits");
    }

    @Test
    void capabilitiesMustLieApartInTheConventionalSpace() {
        builder.capability(0x60, new PowerManagement());

        refused(
                () -> builder.capability(0x3c, new Msi(1, false)),
                "MSI at 0x3c is not aligned to 4 or not within 0x40 to 0x100");
        refused(
                () -> builder.capability(0x6a, new Msi(1, false)),
                "MSI at 0x6a is not aligned to 4 or not within 0x40 to 0x100");
        refused(
                () -> builder.capability(0xc8, PciExpress.endpoint(4, 16)),
                "PCI Express at 0xc8 is not aligned to 4 or not within 0x40 to 0x100");
        refused(() -> builder.capability(0x64, new Msi(1, false)), "MSI at 0x64 overlaps PM at 0x60");
        refused(() -> builder.capability(0x54, new Msi(1, false)), "MSI at 0x54 overlaps PM at 0x60");
        refused(() -> builder.capability(0x80, new PowerManagement()), "There are two PM capabilities");
    }

    @Test
    void capabilityParametersMustExist() {
        refused(() -> new Msi(3, false), "MSI vector count is not a power of two up to 32: 3");
        refused(() -> new Msi(64, false), "MSI vector count is not a power of two up to 32: 64");
        refused(
                () -> new Msix(0, new Msix.Place(0, 0), new Msix.Place(0, 0)),
                "MSI-X vector count is not 1 to 2048: 0");
        refused(() -> PciExpress.endpoint(7, 16), "Link speed is not 1 (2.5 GT/s) to 6 (64 GT/s): 7");
        refused(() -> PciExpress.endpoint(4, 12), "Link width is not 1, 2, 4, 8 or 16 lanes: 12");
    }

    @Test
    void extendedListNeedsExpressAndAStartAt0x100() {
        ExtendedCapability serial = ExtendedCapability.serialNumber(1);
        builder.extended(0x100, serial);
        refused(
                () -> build(new Interrupts()),
                "Extended capabilities need a PCI Express capability and must begin at 0x100");
        refused(() -> builder.extended(0x108, serial), "Extended capability 0x3 at 0x108 overlaps the one at 0x100");
        refused(
                () -> builder.extended(0xf0, serial),
                "Extended capability 0x3 at 0xf0 is not aligned to 4 or not within 0x100 to 0x1000");

        builder.capability(0x78, PciExpress.endpoint(4, 16));

        assertThat(build(new Interrupts()).read(0x100, 4)).isEqualTo(0x0001_0003);
        refused(
                () -> ConfigSpace.builder(1, 1)
                        .capability(0x78, PciExpress.endpoint(4, 16))
                        .extended(0x200, serial)
                        .build(new Interrupts(), new GuestMemory(), new RecordingListener()),
                "Extended capabilities need a PCI Express capability and must begin at 0x100");
    }

    @Test
    void extendedCapabilityMustFitItsHeader() {
        refused(
                () -> new ExtendedCapability(0x1_0000, 1, new byte[4]),
                "Extended capability does not fit: id=65536 version=1 length=4");
        refused(
                () -> new ExtendedCapability(3, 16, new byte[4]),
                "Extended capability does not fit: id=3 version=16 length=4");
        refused(
                () -> ExtendedCapability.vendorSpecific(1, 1, new byte[3]),
                "Extended capability does not fit: id=11 version=1 length=7");
    }

    @Test
    void vectorCountsMustAgreeWithTheInterrupts() {
        builder.capability(0x68, new Msi(2, false));

        refused(() -> build(new Interrupts(1, 1, 0, 0, 0)), "MSI capability has 2 vectors, the interrupts have 1");
        refused(() -> build(new Interrupts(1, 2, 4, 0, 0)), "MSI-X capability has 0 vectors, the interrupts have 4");
        assertThat(build(new Interrupts(1, 2, 0, 0, 0)).size()).isEqualTo(256);
    }

    @Test
    void msixStructuresMustLieApartInAMemoryBar() {
        Interrupts interrupts = new Interrupts(0, 0, 64, 0, 0);

        refused(
                () -> withMsix(1, 0, 0, 0x1000).build(interrupts, new GuestMemory(), new RecordingListener()),
                "MSI-X table is in BAR 1, which is no memory BAR");
        refused(
                () -> withMsix(0, 0, 5, 0).build(interrupts, new GuestMemory(), new RecordingListener()),
                "MSI-X PBA is in BAR 5, which is no memory BAR");
        refused(
                () -> withMsix(0, 0x1c08, 0, 0).build(interrupts, new GuestMemory(), new RecordingListener()),
                "MSI-X table at 0x1c08 is not aligned to 8 or leaves BAR 0");
        refused(
                () -> withMsix(0, 0, 0, 0x1004).build(interrupts, new GuestMemory(), new RecordingListener()),
                "MSI-X PBA at 0x1004 is not aligned to 8 or leaves BAR 0");
        refused(
                () -> withMsix(0, 0, 0, 0x3f8).build(interrupts, new GuestMemory(), new RecordingListener()),
                "MSI-X table and PBA overlap: table=0x0 pba=0x3f8");
        assertThat(withMsix(0, 0, 0, 0x400)
                        .build(interrupts, new GuestMemory(), new RecordingListener())
                        .read(0x48, 4))
                .isEqualTo(0x400);
    }

    private static ConfigSpaceBuilder withMsix(int tableBar, int tableOffset, int pbaBar, int pbaOffset) {
        return ConfigSpace.builder(1, 1)
                .bar(0, Bar.memory32(0x2000))
                .bar(5, Bar.io(128))
                .capability(
                        0x40, new Msix(64, new Msix.Place(tableBar, tableOffset), new Msix.Place(pbaBar, pbaOffset)));
    }
}
