package dev.nacre.hw.disp;

/**
 * A physical address as a pair of methods gives it: high half, and low half with its flags. Since CA7D.
 */
// HW: open-gpu-kernel-modules class/clca7e.h (SET_SURFACE_ADDRESS_LO_ISO)
public final class SurfaceAddress {
    /** In the low half: there is a surface. */
    public static final int ENABLE = 1;

    /** In the low half: its layout is block-linear and not pitch. */
    public static final int KIND_BLOCKLINEAR = 1 << 1;

    /** Target in the low half (3:2): video memory. */
    public static final int TARGET_PHYSICAL_NVM = 1;

    /** Target in the low half (3:2): system memory; 3 is the same, coherent. */
    public static final int TARGET_PHYSICAL_PCI = 2;

    private static final int ADDRESS_LO_MASK = 0xffff_fff0;

    private SurfaceAddress() {}

    /** Whether there is a surface. */
    public static boolean isEnabled(int low) {
        return (low & ENABLE) != 0;
    }

    /** Whether its layout is block-linear. */
    public static boolean isBlockLinear(int low) {
        return (low & KIND_BLOCKLINEAR) != 0;
    }

    /** Whether it lies in video memory. */
    public static boolean isVideo(int low) {
        return target(low) == TARGET_PHYSICAL_NVM;
    }

    /** Whether it lies in system memory. */
    public static boolean isSystem(int low) {
        return target(low) >= TARGET_PHYSICAL_PCI;
    }

    /** The byte address. */
    public static long address(int high, int low) {
        return (long) high << 32 | Integer.toUnsignedLong(low & ADDRESS_LO_MASK);
    }

    /** The low half of an address, a multiple of 16, in one of the targets. */
    public static int low(long address, int target, boolean blockLinear) {
        return ((int) address & ADDRESS_LO_MASK) | target << 2 | (blockLinear ? KIND_BLOCKLINEAR : 0) | ENABLE;
    }

    private static int target(int low) {
        return low >>> 2 & 3;
    }
}
