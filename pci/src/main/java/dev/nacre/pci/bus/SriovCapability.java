package dev.nacre.pci.bus;

/** The registers by which a physical function is told how many virtual functions it has. */
record SriovCapability(FunctionAccess function, int at) {
    // HW: PCI Express base specification, "SR-IOV Extended Capability"
    private static final int ID = 0x10;
    private static final int CONTROL = 0x08;
    private static final int TOTAL_VFS = 0x0e;
    private static final int NUM_VFS = 0x10;
    private static final int FIRST_VF_OFFSET = 0x14;
    private static final int VF_STRIDE = 0x16;
    private static final int VF_ENABLE = 1;
    private static final int VF_MEMORY_ENABLE = 1 << 3;

    /** Finds them; {@link #at} is 0 if the function has none. */
    static SriovCapability of(FunctionAccess function) {
        return new SriovCapability(function, ConfigAccess.findExtended(function, ID));
    }

    boolean isPresent() {
        return at != 0;
    }

    /** How many there can be. */
    int total() {
        return isPresent() ? ConfigAccess.readShort(function, at + TOTAL_VFS) : 0;
    }

    /** Has the function show so many, or none for 0. */
    void enable(int count) {
        if (count > 0) {
            ConfigAccess.writeShort(function, at + NUM_VFS, count);
            ConfigAccess.writeShort(function, at + CONTROL, VF_ENABLE | VF_MEMORY_ENABLE);
        } else {
            ConfigAccess.writeShort(function, at + CONTROL, 0);
            ConfigAccess.writeShort(function, at + NUM_VFS, 0);
        }
    }

    /** Where a virtual function is. */
    PciAddress address(PciAddress physical, int index) {
        // Both may depend on the number that was enabled, so they are read after that.
        int first = ConfigAccess.readShort(function, at + FIRST_VF_OFFSET);
        return physical.plus(first + index * ConfigAccess.readShort(function, at + VF_STRIDE));
    }
}
