package dev.nacre.board.vgpu;

/**
 * What a driver of the board has told of its virtual functions.
 *
 * @param mode whether the board is to be shared: RMSetSriovMode
 * @param totalVfs how many virtual functions there can be
 * @param firstVfOffset distance to the first, in function numbers
 * @param pfAddress bus, device and function of the board in 8, 5 and 3 bits; 0 if the driver does not know
 * @param partitions how many plugins the firmware's heap was laid out for
 * @param usableEnd end of the memory that is not the firmware's
 */
record Sriov(boolean mode, int totalVfs, int firstVfOffset, int pfAddress, int partitions, long usableEnd) {
    /** Nothing was told. */
    static final Sriov NONE = new Sriov(false, 0, 0, 0, 0, 0);

    private static final int FUNCTION_MASK = 0xffff;

    /** Whether there can be virtual GPUs. */
    boolean enabled() {
        return mode && totalVfs > 0 && partitions > 0;
    }

    /** Whether a virtual function is where it must be; its domain does not matter. */
    boolean isAt(int gfid, int dbdf) {
        // HW: the virtual functions of these boards follow each other
        return pfAddress == 0 || ((dbdf ^ pfAddress + firstVfOffset + gfid - 1) & FUNCTION_MASK) == 0;
    }

    Sriov withMode(boolean on) {
        return new Sriov(on, totalVfs, firstVfOffset, pfAddress, partitions, usableEnd);
    }

    Sriov withFunctions(int total, int offset, int address) {
        return new Sriov(mode, total, offset, address, partitions, usableEnd);
    }
}
