package dev.nacre.board;

import dev.nacre.board.gpu.Gpu;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.board.vf.VirtualFunctions;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.Bar;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.ConfigSpaceBuilder;
import dev.nacre.pci.ExtendedCapability;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.Msi;
import dev.nacre.pci.PciExpress;
import dev.nacre.pci.PowerManagement;
import dev.nacre.pci.Sriov;
import java.util.Arrays;

/** The board's config space: which capabilities and BARs it has, and where. */
final class BoardConfigSpace implements Stateful {
    /** I/O ports, which no driver uses. */
    static final int IO_BAR = 5;

    // HW: an L40 as lspci shows it, but for BAR1, which has 64 GiB there: a guest's firmware finds room for this one.
    private static final long IO_BYTES = 128;
    private static final int PM_OFFSET = 0x60;
    private static final int MSI_OFFSET = 0x68;
    private static final int PCIE_OFFSET = 0x78;
    private static final int LINK_GENERATION = 4;
    private static final int LINK_WIDTH = 16;
    private static final int CLASS_VGA = 0x030000;
    private static final int CLASS_3D = 0x030200;
    private static final int REVISION = 0xa1;

    // HW: an L40 as lspci shows it; the list has to begin at 0x100, where real boards have capabilities of no use here.
    private static final int FIRST_OFFSET = 0x100;
    private static final int SRIOV_OFFSET = 0xbcc;
    private static final int ARI_OFFSET = 0xc14;
    private static final int ID_NULL = 0x0000;
    private static final int ID_ARI = 0x000e;
    private static final int FIRST_VF_OFFSET = 4;
    private static final int VF_STRIDE = 1;

    private final ConfigSpace space;

    /**
     * Makes it.
     *
     * @param virtualFunctions those that it can have
     * @param reset resets the whole board, this included: function level reset
     */
    BoardConfigSpace(
            BoardConfig config,
            Interrupts interrupts,
            GuestMemory memory,
            VirtualFunctions virtualFunctions,
            Runnable reset) {
        ConfigSpaceBuilder builder = ConfigSpace.builder(
                        Chip.PCI_VENDOR_ID, config.chip().deviceId())
                .revision(REVISION)
                .classCode(config.heads() > 0 && config.vfs() == 0 ? CLASS_VGA : CLASS_3D)
                .subsystem(Chip.PCI_VENDOR_ID, config.chip().subsystemId())
                .bar(Gpu.REGISTERS_BAR, Gpu.REGISTERS)
                .bar(Gpu.MEMORY_BAR, Gpu.MEMORY)
                .bar(Gpu.INSTANCE_BAR, Gpu.INSTANCE)
                .bar(IO_BAR, Bar.io(IO_BYTES))
                .capability(PM_OFFSET, new PowerManagement())
                .capability(MSI_OFFSET, new Msi(1, false))
                .capability(PCIE_OFFSET, PciExpress.endpoint(LINK_GENERATION, LINK_WIDTH));
        if (config.vfs() > 0) {
            builder.extended(FIRST_OFFSET, new ExtendedCapability(ID_NULL, 1, new byte[0]))
                    .extended(SRIOV_OFFSET, sriov(config))
                    .extended(ARI_OFFSET, new ExtendedCapability(ID_ARI, 1, new byte[4]));
        }
        space = builder.build(interrupts, memory, new ConfigListener() {
            @Override
            public void functionLevelReset() {
                reset.run();
            }

            @Override
            public void decodeChanged(boolean memoryDecoded, boolean ioDecoded) {
                // Asked for at each access.
            }

            @Override
            public void virtualFunctionsChanged(int count, boolean memoryDecoded) {
                virtualFunctions.show(count, memoryDecoded);
            }
        });
    }

    private static Sriov sriov(BoardConfig config) {
        return new Sriov(
                config.vfs(),
                FIRST_VF_OFFSET,
                VF_STRIDE,
                config.chip().deviceId(),
                Arrays.asList(Gpu.REGISTERS, Gpu.MEMORY, null, Gpu.INSTANCE));
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
