package dev.nacre.vfio.driver;

import dev.nacre.pci.Bar;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Msi;
import dev.nacre.pci.PciExpress;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.PowerManagement;
import dev.nacre.pci.Region;
import dev.nacre.vfio.type.CatalogType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The configuration space that a guest sees: its type's numbers, a VGA controller, and BARs as large as its type says. On
 * the transport's thread.
 */
final class GuestConfig {
    /** BAR of the registers. */
    static final int REGISTERS_BAR = 0;

    /** BAR of the guest's memory; as large as the type says. */
    static final int MEMORY_BAR = 1;

    /** BAR that drivers call BAR2, the aperture for instance blocks. */
    static final int INSTANCE_BAR = 3;

    // HW: header fields and bits, PCI_* of Linux include/uapi/linux/pci_regs.h
    private static final int REVISION = 0x08;
    private static final int COMMAND = 0x04;
    private static final int COMMAND_BUS_MASTER = 0x0004;
    private static final int PM_CONTROL = 4;
    private static final int PM_STATE = 0x0003;
    private static final int D0 = 0;

    // HW: as the physical function of an L40 has them
    private static final int NVIDIA = 0x10de;
    private static final int CLASS_VGA = 0x030000;
    private static final int PM_OFFSET = 0x60;
    private static final int MSI_OFFSET = 0x68;
    private static final int PCIE_OFFSET = 0x78;
    private static final int LINK_GENERATION = 4;
    private static final int LINK_WIDTH = 16;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PciFunction function;
    private final ConfigSpace space;
    private final MemorySegment command = MemorySegment.ofArray(new byte[Short.BYTES]);
    private boolean mastering;

    /**
     * Makes it, at reset.
     *
     * @param function the virtual function; its interrupts are driven, and the bus master bit of its own command register
     * @param onFunctionLevelReset told when the guest has asked for one
     */
    GuestConfig(CatalogType type, PciFunction function, Runnable onFunctionLevelReset) {
        this.function = function;
        long memoryBytes =
                Math.min(type.memory().bar1Bytes(), function.region(MEMORY_BAR).size());
        // The virtual function's own command register decides on DMA; this space drives nobody's memory.
        GuestMemory none = new GuestMemory();
        space = ConfigSpace.builder(NVIDIA, type.ids().device())
                .revision(revision(function))
                .classCode(CLASS_VGA)
                .subsystem(NVIDIA, type.ids().subsystem())
                .bar(REGISTERS_BAR, Bar.memory32(function.region(REGISTERS_BAR).size()))
                .bar(MEMORY_BAR, Bar.memory64(memoryBytes))
                .bar(INSTANCE_BAR, Bar.memory64(function.region(INSTANCE_BAR).size()))
                .capability(PM_OFFSET, new PowerManagement())
                .capability(MSI_OFFSET, new Msi(function.interrupts().count(InterruptKind.MSI), false))
                .capability(PCIE_OFFSET, PciExpress.endpoint(LINK_GENERATION, LINK_WIDTH))
                .build(function.interrupts(), none, new ConfigListener() {
                    @Override
                    public void decodeChanged(boolean memory, boolean io) {
                        // Asked for at each access.
                    }

                    @Override
                    public void functionLevelReset() {
                        onFunctionLevelReset.run();
                    }
                });
    }

    Region region(int index) {
        return space.region(index);
    }

    /** Whether the guest has its BARs answered. */
    boolean memoryDecoded() {
        return space.memoryDecoded();
    }

    /** Whether the guest lets its GPU reach memory by DMA. */
    boolean mastering() {
        return mastering;
    }

    void read(long offset, MemorySegment dst, long dstOffset, int count) {
        space.read(offset, dst, dstOffset, count);
    }

    void write(long offset, MemorySegment src, long srcOffset, int count) {
        space.write(offset, src, srcOffset, count);
        applyBusMaster();
    }

    void reset() {
        space.reset();
        applyBusMaster();
    }

    private void applyBusMaster() {
        boolean now = (space.read(COMMAND, Short.BYTES) & COMMAND_BUS_MASTER) != 0
                && (space.read(PM_OFFSET + PM_CONTROL, Short.BYTES) & PM_STATE) == D0;
        if (now != mastering) {
            mastering = now;
            command.set(SHORT, 0, (short) (now ? COMMAND_BUS_MASTER : 0));
            function.write(PciFunction.CONFIG_REGION, COMMAND, command, 0, Short.BYTES);
        }
    }

    private static int revision(PciFunction function) {
        MemorySegment value = MemorySegment.ofArray(new byte[1]);
        function.read(PciFunction.CONFIG_REGION, REVISION, value, 0, 1);
        return Byte.toUnsignedInt(value.get(ValueLayout.JAVA_BYTE, 0));
    }
}
