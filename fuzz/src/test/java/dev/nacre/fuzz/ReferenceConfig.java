package dev.nacre.fuzz;

import dev.nacre.pci.Bar;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.ConfigSpaceBuilder;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.Msi;
import dev.nacre.pci.Msix;
import dev.nacre.pci.PciExpress;
import dev.nacre.pci.PowerManagement;

/**
 * What the specifications say that a configuration space does with each bit, written down apart from the code under
 * test: which bits the host sets, which it clears by writing 1, which survive a function level reset.
 */
final class ReferenceConfig {
    // HW: PCI Local Bus Specification 3.0, 6.1 and 6.2; PCI Power Management 1.2, 3.2; PCI Express 5.0, 7.5.3.
    static final int COMMAND = 0x04;
    static final int STATUS = 0x06;
    static final int STATUS_INTERRUPT = 0x08;
    static final int PM = 0x44;
    static final int MSI = 0x50;
    static final int MSI_PENDING = MSI + 0x14;
    static final int MSIX = 0x70;
    static final int EXPRESS = 0x80;
    static final int MSI_VECTORS = 4;
    static final int MSIX_VECTORS = 6;

    private static final int PM_CONTROL = PM + 4;
    private static final int DEVICE_CONTROL = EXPRESS + 8;
    private static final int FLR = 0x80;

    private final byte[] reset;
    private final byte[] writable;
    private final byte[] clearable;
    private final byte[] sticky;
    private final byte[] value;

    /**
     * Starts from what the space under test holds at reset.
     *
     * @param config just built by {@link #build}
     * @param shape as given to it
     */
    ReferenceConfig(ConfigSpace config, int shape) {
        int size = config.size();
        reset = new byte[size];
        for (int i = 0; i < size; i++) {
            reset[i] = (byte) config.read(i, 1);
        }
        value = reset.clone();
        writable = new byte[size];
        clearable = new byte[size];
        sticky = new byte[size];
        put(writable, COMMAND, 2, 0x0547);
        put(clearable, STATUS, 2, 0xf900);
        put(writable, 0x0c, 1, 0xff);
        put(writable, 0x10, 4, -0x10000);
        put(writable, 0x18, 4, 0);
        put(writable, 0x1c, 4, -2);
        put(writable, 0x20, 4, -128);
        put(writable, 0x30, 4, -4096 | 1);
        put(writable, 0x3c, 1, 0xff);
        if ((shape & 1) != 0) {
            put(writable, PM_CONTROL, 2, 3);
        }
        if ((shape & 2) != 0) {
            put(writable, MSI + 2, 2, 0x71);
            put(writable, MSI + 4, 4, -4);
            put(writable, MSI + 8, 4, -1);
            put(writable, MSI + 12, 2, 0xffff);
            put(writable, MSI + 16, 4, (1 << MSI_VECTORS) - 1);
        }
        if ((shape & 4) != 0) {
            put(writable, MSIX + 2, 2, 0xc000);
        }
        if ((shape & 8) != 0) {
            put(writable, DEVICE_CONTROL, 2, 0x79ff);
            put(clearable, EXPRESS + 0x0a, 2, 0x000f);
            put(writable, EXPRESS + 0x10, 2, 0x00cb);
            put(writable, EXPRESS + 0x28, 2, 0x0010);
            put(writable, EXPRESS + 0x30, 2, 0x003f);
            put(sticky, DEVICE_CONTROL, 2, 0x00e0);
            put(sticky, EXPRESS + 0x10, 2, 0x00cb);
            put(sticky, EXPRESS + 0x30, 2, 0x003f);
        }
    }

    /**
     * Builds the space that is to be tested.
     *
     * @param shape which capabilities it has: 1 PM, 2 MSI, 4 MSI-X, 8 PCI Express
     */
    static ConfigSpace build(int shape, Interrupts interrupts, GuestMemory memory, ConfigListener listener) {
        ConfigSpaceBuilder builder = ConfigSpace.builder(0x10de, 0x26b5)
                .bar(0, Bar.memory32(0x10000))
                .bar(2, Bar.memory64(8L << 30))
                .bar(4, Bar.io(128))
                .rom(4096);
        if ((shape & 1) != 0) {
            builder.capability(PM, new PowerManagement());
        }
        if ((shape & 2) != 0) {
            builder.capability(MSI, new Msi(MSI_VECTORS, true));
        }
        if ((shape & 4) != 0) {
            builder.capability(MSIX, new Msix(MSIX_VECTORS, new Msix.Place(0, 0x1000), new Msix.Place(0, 0x2000)));
        }
        if ((shape & 8) != 0) {
            builder.capability(EXPRESS, PciExpress.endpoint(4, 16));
        }
        return builder.build(interrupts, memory, listener);
    }

    /** The interrupts that such a space needs. */
    static Interrupts interrupts(int shape) {
        return new Interrupts(1, (shape & 2) != 0 ? MSI_VECTORS : 0, (shape & 4) != 0 ? MSIX_VECTORS : 0, 1, 1);
    }

    /** The host writes. */
    void write(int offset, int count, long data) {
        boolean flr = false;
        for (int i = 0; i < count; i++) {
            int at = offset + i;
            int next = (int) (data >>> (8 * i)) & 0xff;
            int old = value[at] & 0xff;
            int changed = ((old & ~writable[at]) | (next & writable[at])) & ~(next & clearable[at]);
            // HW: PM 3.2.4: a state that there is not leaves the state as it is.
            boolean badState = at == PM_CONTROL && writable[at] != 0 && (next & 3) != 0 && (next & 3) != 3;
            value[at] = (byte) (badState ? old : changed);
            flr |= at == DEVICE_CONTROL + 1 && writable[at] != 0 && (next & FLR) != 0;
        }
        if (flr) {
            reset();
        }
    }

    /** A function level reset, or one by the platform. */
    void reset() {
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) ((value[i] & sticky[i]) | (reset[i] & ~sticky[i]));
        }
    }

    /** What the host must read, but for bits that interrupts change. */
    int read(int offset, int count) {
        int read = 0;
        for (int i = 0; i < count; i++) {
            read |= (value[offset + i] & 0xff) << (8 * i);
        }
        return read;
    }

    boolean isAwake() {
        return (value[PM_CONTROL] & writable[PM_CONTROL] & 3) == 0;
    }

    /** Whether memory, with 2, or I/O, with 1, is decoded. */
    boolean decodes(int commandBit) {
        return isAwake() && (read(COMMAND, 2) & commandBit) != 0;
    }

    boolean busMaster() {
        return decodes(4);
    }

    /** The vectors that the MSI capability enables; 0 for none. */
    int msiEnabled() {
        int flags = writable[MSI + 2] == 0 ? 0 : read(MSI + 2, 2);
        return (flags & 1) == 0 ? 0 : Math.min(1 << (flags >> 4 & 7), MSI_VECTORS);
    }

    boolean msiMasked(int vector) {
        return (read(MSI + 16, 4) >> vector & 1) != 0;
    }

    boolean msixEnabled() {
        return writable[MSIX + 3] != 0 && (read(MSIX + 2, 2) & 0x8000) != 0;
    }

    boolean msixMasked() {
        return (read(MSIX + 2, 2) & 0x4000) != 0;
    }

    private static void put(byte[] to, int offset, int count, int bits) {
        for (int i = 0; i < count; i++) {
            to[offset + i] = (byte) (bits >> (8 * i));
        }
    }
}
