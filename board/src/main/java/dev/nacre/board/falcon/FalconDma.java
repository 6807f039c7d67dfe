package dev.nacre.board.falcon;

import dev.nacre.board.fb.Vram;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;

/** The way from memory into a falcon. Socket's thread: transfers are at most 512 bytes. */
public final class FalconDma {
    private final Vram vram;
    private final GuestMemory memory;

    /** Makes the way to the board's and the host's memory. */
    public FalconDma(Vram vram, GuestMemory memory) {
        this.vram = vram;
        this.memory = memory;
    }

    /**
     * Copies into a falcon's memory.
     *
     * @param target of {@link Pfalcon#FBIF_TRANSCFG}
     * @param address in that memory
     * @return whether all of it could be read and fits
     */
    boolean load(int target, long address, FalconMemory to, int offset, int length) {
        if (!to.contains(offset, length)) {
            return false;
        }
        if (target == Pfalcon.FBIF_TRANSCFG_TARGET_LOCAL_FB) {
            if (!vram.contains(address, length)) {
                return false;
            }
            MemorySegment.copy(vram.segment(), address, to.segment(), offset, length);
            return true;
        }
        try {
            memory.read(address, to.segment(), offset, length);
            return true;
        } catch (DmaFault e) {
            return false;
        }
    }
}
