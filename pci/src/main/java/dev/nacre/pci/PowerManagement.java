package dev.nacre.pci;

/**
 * The power management capability, with D0 and D3hot and no power management events. In D3hot the function decodes
 * neither memory nor I/O and masters no transfers; configuration space keeps its content (No_Soft_Reset).
 */
public final class PowerManagement extends Capability {
    // HW: PCI Bus Power Management Interface Specification 1.2, 3.2; PCI_PM_* of Linux include/uapi/linux/pci_regs.h.
    private static final int PMC = 2;
    private static final int PMC_VERSION_3 = 0x0003;
    private static final int PMCSR = 4;
    private static final int PMCSR_STATE = 0x0003;
    private static final int PMCSR_NO_SOFT_RESET = 0x0008;
    private static final int D0 = 0;
    private static final int D3HOT = 3;

    /** Makes the capability. */
    public PowerManagement() {
        super("PM", 0x01, 8);
    }

    @Override
    void define(ConfigRegisters registers, int at) {
        registers.define(at + PMC, 2, PMC_VERSION_3, 0);
        registers.define(at + PMCSR, 2, PMCSR_NO_SOFT_RESET, PMCSR_STATE);
    }

    @Override
    void apply(ConfigSpace config, int at) {
        int control = config.registers().value(at + PMCSR, 2);
        int asked = control & PMCSR_STATE;
        if (asked == D0 || asked == D3HOT) {
            config.awake(asked == D0);
        } else {
            // HW: a write that asks for a state that is not there completes and changes nothing (3.2.4).
            int kept = config.isAwake() ? D0 : D3HOT;
            config.registers().set(at + PMCSR, 2, (control & ~PMCSR_STATE) | kept);
        }
    }
}
