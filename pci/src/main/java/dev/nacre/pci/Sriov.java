package dev.nacre.pci;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SR-IOV capability of a physical function: by it the host says how many virtual functions there are
 * ({@link ConfigListener#virtualFunctionsChanged}). Their number can be chosen while there are none; a number beyond what
 * is possible cannot be enabled. There is no migration, and the virtual functions' BARs have the sizes of one of them.
 */
public final class Sriov extends ExtendedCapability {
    // HW: PCI Express Base Specification 5.0, 9.3.3; PCI_SRIOV_* of Linux include/uapi/linux/pci_regs.h.
    private static final int ID = 0x0010;
    private static final int BYTES = 0x40;
    private static final int CTRL = 0x08;
    private static final int CTRL_VFE = 0x01;
    private static final int CTRL_MSE = 0x08;
    private static final int CTRL_ARI = 0x10;
    private static final int INITIAL_VF = 0x0c;
    private static final int TOTAL_VF = 0x0e;
    private static final int NUM_VF = 0x10;
    private static final int VF_OFFSET = 0x14;
    private static final int VF_STRIDE = 0x16;
    private static final int VF_DEVICE_ID = 0x1a;
    private static final int SUPPORTED_PAGE_SIZE = 0x1c;
    private static final int SYSTEM_PAGE_SIZE = 0x20;
    private static final int BAR_0 = 0x24;
    // HW: 9.3.3.12: every function supports 4 KiB, 8 KiB, 64 KiB, 256 KiB, 1 MiB and 4 MiB.
    private static final int PAGE_SIZES = 0x553;
    private static final int PAGE_4K = 1;

    private final int total;
    private final int firstOffset;
    private final int stride;
    private final int deviceId;
    private final @Nullable Bar[] bars = new Bar[ConfigSpace.BARS];

    /**
     * Makes one.
     *
     * @param total how many virtual functions there can be, 1 to 65535
     * @param firstOffset from the physical function's routing id to the first one's, 16 bits
     * @param stride from each one's to the next one's, 16 bits
     * @param deviceId their device id, 16 bits
     * @param bars their BARs by register, in order; null where there is none, which includes the second register of a
     *     64-bit one
     * @throws IllegalArgumentException if something does not fit
     */
    public Sriov(int total, int firstOffset, int stride, int deviceId, List<@Nullable Bar> bars) {
        super(ID, 1, new byte[BYTES - 4]);
        if (total < 1 || (total | firstOffset | stride | deviceId) >>> 16 != 0 || bars.size() > ConfigSpace.BARS) {
            throw new IllegalArgumentException("SR-IOV does not fit: total=" + total + " offset=" + firstOffset
                    + " stride=" + stride + " device=0x" + Integer.toHexString(deviceId) + " bars=" + bars.size());
        }
        this.total = total;
        this.firstOffset = firstOffset;
        this.stride = stride;
        this.deviceId = deviceId;
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            boolean wide = bar != null && bar.space() == Bar.Space.MEMORY_64;
            if (bar != null && (bar.space() == Bar.Space.IO || (wide && isUsed(bars, i + 1)))) {
                throw new IllegalArgumentException("Virtual functions cannot have this BAR: " + i + " " + bar);
            }
            this.bars[i] = bar;
        }
    }

    private static boolean isUsed(List<@Nullable Bar> bars, int index) {
        return index >= ConfigSpace.BARS || (index < bars.size() && bars.get(index) != null);
    }

    @Override
    void define(ConfigRegisters registers, int at, int next) {
        super.define(registers, at, next);
        registers.define(at + CTRL, 2, 0, CTRL_VFE | CTRL_MSE | CTRL_ARI);
        registers.define(at + INITIAL_VF, 2, total, 0);
        registers.define(at + TOTAL_VF, 2, total, 0);
        registers.define(at + VF_OFFSET, 2, firstOffset, 0);
        registers.define(at + VF_STRIDE, 2, stride, 0);
        registers.define(at + VF_DEVICE_ID, 2, deviceId, 0);
        registers.define(at + SUPPORTED_PAGE_SIZE, 4, PAGE_SIZES, 0);
        registers.define(at + NUM_VF, 2, 0, 0xffff);
        registers.define(at + SYSTEM_PAGE_SIZE, 4, PAGE_4K, PAGE_SIZES);
        // They cannot be written while there are virtual functions, but they are state then too.
        registers.owned(at + NUM_VF, 2, 0xffff);
        registers.owned(at + SYSTEM_PAGE_SIZE, 4, PAGE_SIZES);
        for (int i = 0; i < bars.length; i++) {
            Bar bar = bars[i];
            if (bar != null) {
                registers.define(at + BAR_0 + 4 * i, 4, bar.typeBits(), (int) bar.addressMask());
                if (bar.space() == Bar.Space.MEMORY_64) {
                    registers.define(at + BAR_0 + 4 * i + 4, 4, 0, (int) (bar.addressMask() >>> 32));
                }
            }
        }
    }

    @Override
    void apply(ConfigSpace config, int at) {
        ConfigRegisters registers = config.registers();
        int control = registers.value(at + CTRL, 2);
        int count = registers.value(at + NUM_VF, 2);
        // GUEST: more than there can be.
        if ((control & CTRL_VFE) != 0 && count > total) {
            control &= ~CTRL_VFE;
            registers.set(at + CTRL, 2, control);
        }
        boolean enabled = (control & CTRL_VFE) != 0;
        registers.writable(at + NUM_VF, 2, enabled ? 0 : 0xffff);
        registers.writable(at + SYSTEM_PAGE_SIZE, 4, enabled ? 0 : PAGE_SIZES);
        config.virtualFunctions(enabled ? count : 0, (control & CTRL_MSE) != 0);
    }
}
