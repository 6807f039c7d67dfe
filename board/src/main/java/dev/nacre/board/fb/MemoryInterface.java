package dev.nacre.board.fb;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.hw.regs.Pfb;
import dev.nacre.hw.regs.RegisterPlaces;

/**
 * PFB, the memory's interface: how large it is, flushes (done at once, since memory is coherent here), and the
 * write-protected region that holds the GSP's firmware.
 */
public final class MemoryInterface {
    /** Address of the flush registers. */
    public static final int FLUSH_BASE = 0x070000;

    /** Address of PFB. */
    public static final int PFB_BASE = 0x100000;

    /** Address of the memory management unit's global registers. */
    public static final int MMU_BASE = 0x1fa000;

    /** Bytes of each. */
    public static final int SIZE_BYTES = 0x1000;

    /** Block that a write-protected region ends with. */
    // HW: nova-core gsp/boot.rs and open-gpu-kernel-modules kernel_gsp_frts_tu102.c: WPR2 is set in steps of 128 KiB,
    // and HI names the last of them.
    public static final long WPR_GRANULE_BYTES = 128 << 10;

    private static final int MAX_MAGNITUDE = 63;

    private final RegisterBank flush;
    private final RegisterBank flushAddress;
    private final RegisterBank pfb;
    private final RegisterBank mmu;
    private final int flushAddressBase;

    /**
     * Makes it.
     *
     * @param fbBytes size of the board's memory
     * @param places where the chip has the address of the page that a flush reads
     */
    public MemoryInterface(long fbBytes, RegisterPlaces places) {
        flush = RegisterBank.builder("flush", FLUSH_BASE, SIZE_BYTES)
                .constant(Pfb.UFLUSH_FB_FLUSH, 0)
                .constant(Pfb.UFLUSH_L2_SYSMEM_INVALIDATE, 0)
                .constant(Pfb.UFLUSH_L2_PEERMEM_INVALIDATE, 0)
                .constant(Pfb.UFLUSH_L2_CLEAN_COMPTAGS, 0)
                .constant(Pfb.UFLUSH_L2_FLUSH_DIRTY, 0)
                .build();
        RegisterBank.Builder pfbBank = RegisterBank.builder("pfb", PFB_BASE, SIZE_BYTES)
                .constant(Pfb.LOCAL_MEMORY_RANGE, localMemoryRange(fbBytes));
        flushAddressBase = places.flushAddress().offset() & -SIZE_BYTES;
        if (flushAddressBase == PFB_BASE) {
            pfb = pfbBank.store(places.flushAddress(), places.flushAddressHigh())
                    .build();
            flushAddress = pfb;
        } else {
            pfb = pfbBank.build();
            flushAddress = RegisterBank.builder("flush-address", flushAddressBase, SIZE_BYTES)
                    .store(places.flushAddress(), places.flushAddressHigh())
                    .build();
        }
        mmu = RegisterBank.builder("pri-mmu", MMU_BASE, SIZE_BYTES)
                .store(Pfb.WPR2_ADDR_LO, Pfb.WPR2_ADDR_HI)
                .build();
    }

    /** The flush registers. */
    public RegisterBank flush() {
        return flush;
    }

    /** The address of the page that a flush reads: {@link #pfb}, or a bank at {@link #flushAddressBase}. */
    public RegisterBank flushAddress() {
        return flushAddress;
    }

    /** Address of {@link #flushAddress}. */
    public int flushAddressBase() {
        return flushAddressBase;
    }

    /** PFB. */
    public RegisterBank pfb() {
        return pfb;
    }

    /** The memory management unit's global registers. */
    public RegisterBank mmu() {
        return mmu;
    }

    /** Whether write-protected region 2 is up. */
    public boolean isWpr2Up() {
        return mmu.value(Pfb.WPR2_ADDR_HI) != 0;
    }

    /**
     * Puts write-protected region 2 up.
     *
     * @param start its first address, a multiple of 4 KiB
     * @param last address of its last block
     */
    public void wpr2(long start, long last) {
        mmu.set(Pfb.WPR2_ADDR_LO, Pfb.WPR2_ADDR_LO_VAL.set(0, (int) (start >> 12)));
        mmu.set(Pfb.WPR2_ADDR_HI, Pfb.WPR2_ADDR_HI_VAL.set(0, (int) (last >> 12)));
    }

    /** Takes write-protected region 2 down. */
    public void wpr2Down() {
        mmu.set(Pfb.WPR2_ADDR_LO, 0);
        mmu.set(Pfb.WPR2_ADDR_HI, 0);
    }

    private static int localMemoryRange(long fbBytes) {
        long mebibytes = fbBytes >> 20;
        int scale = Math.max(0, 64 - Long.numberOfLeadingZeros(mebibytes / (MAX_MAGNITUDE + 1)));
        int range = Pfb.LOCAL_MEMORY_RANGE_LOWER_SCALE.set(0, scale);
        return Pfb.LOCAL_MEMORY_RANGE_LOWER_MAG.set(range, (int) (mebibytes >> scale));
    }
}
