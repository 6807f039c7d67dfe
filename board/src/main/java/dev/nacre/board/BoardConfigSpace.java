package dev.nacre.board;

import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.Bar;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.Msi;
import dev.nacre.pci.PciExpress;
import dev.nacre.pci.PowerManagement;

/** The board's config space: which capabilities and BARs it has, and where. */
final class BoardConfigSpace implements Stateful {
    /** BAR of the registers. */
    static final int REGISTERS_BAR = 0;

    /** BAR1: the board's memory. */
    static final int MEMORY_BAR = 1;

    /** What drivers call BAR2, the aperture for instance blocks. */
    static final int INSTANCE_BAR = 3;

    /** I/O ports, which no driver uses. */
    static final int IO_BAR = 5;

    // HW: an L40 as lspci shows it, but for BAR1, which has 64 GiB there: a guest's firmware finds room for this one.
    private static final long REGISTERS_BYTES = 16L << 20;
    private static final long MEMORY_BYTES = 256L << 20;
    private static final long INSTANCE_BYTES = 32L << 20;
    private static final long IO_BYTES = 128;
    private static final int PM_OFFSET = 0x60;
    private static final int MSI_OFFSET = 0x68;
    private static final int PCIE_OFFSET = 0x78;
    private static final int LINK_GENERATION = 4;
    private static final int LINK_WIDTH = 16;
    private static final int CLASS_VGA = 0x030000;
    private static final int CLASS_3D = 0x030200;
    private static final int REVISION = 0xa1;

    private final ConfigSpace space;

    /**
     * Makes it.
     *
     * @param reset resets the whole board, this included: function level reset
     */
    BoardConfigSpace(BoardConfig config, Interrupts interrupts, GuestMemory memory, Runnable reset) {
        space = ConfigSpace.builder(Chip.PCI_VENDOR_ID, config.chip().deviceId())
                .revision(REVISION)
                .classCode(config.heads() > 0 ? CLASS_VGA : CLASS_3D)
                .subsystem(Chip.PCI_VENDOR_ID, config.chip().subsystemId())
                .bar(REGISTERS_BAR, Bar.memory32(REGISTERS_BYTES))
                .bar(MEMORY_BAR, Bar.memory64(MEMORY_BYTES))
                .bar(INSTANCE_BAR, Bar.memory64(INSTANCE_BYTES))
                .bar(IO_BAR, Bar.io(IO_BYTES))
                .capability(PM_OFFSET, new PowerManagement())
                .capability(MSI_OFFSET, new Msi(1, false))
                .capability(PCIE_OFFSET, PciExpress.endpoint(LINK_GENERATION, LINK_WIDTH))
                .build(interrupts, memory, new ConfigListener() {
                    @Override
                    public void functionLevelReset() {
                        reset.run();
                    }

                    @Override
                    public void decodeChanged(boolean memoryDecoded, boolean ioDecoded) {
                        // Asked for at each access.
                    }
                });
    }

    /** Interrupts as the capabilities say: one MSI; no pin. */
    static Interrupts interrupts() {
        return new Interrupts(0, 1, 0, 0, 0);
    }

    ConfigSpace space() {
        return space;
    }

    @Override
    public String stateName() {
        return "config-space";
    }

    @Override
    public void save(StateWriter out) {
        out.put("registers", space.save());
    }

    @Override
    public void restore(StateReader in) {
        try {
            space.restore(in.bytes("registers"));
        } catch (IllegalArgumentException e) {
            throw new StateException("Config space cannot be taken: " + e.getMessage());
        }
    }

    @Override
    public void reset() {
        space.reset();
    }
}
