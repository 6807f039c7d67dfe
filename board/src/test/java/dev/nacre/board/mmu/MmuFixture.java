package dev.nacre.board.mmu;

import dev.nacre.board.fb.Vram;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A memory management unit with 16 MiB of video memory, 16 MiB of system memory, and page tables in the upper half. */
public final class MmuFixture {
    public static final long MIB = 1 << 20;
    public static final long SYSTEM_BASE = 0x1_0000_0000L;
    public static final long SYSTEM_TABLES = SYSTEM_BASE + 8 * MIB;

    public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public final MemorySegment system = MemorySegment.ofArray(new byte[(int) (16 * MIB)]);
    public final MemorySegment video;
    public final Vram vram;
    public final GuestMemory guest = new GuestMemory();
    public final Mmu mmu;
    public final PageTables tables;

    public MmuFixture() {
        this(Encoding.V2);
    }

    public MmuFixture(Encoding encoding) {
        this(encoding, new Vram(MemorySegment.ofArray(new byte[(int) (16 * MIB)])));
    }

    /** On memory of 16 MiB at least. */
    public MmuFixture(Encoding encoding, Vram vram) {
        this.vram = vram;
        video = vram.segment();
        mmu = new Mmu(vram, guest, encoding.format());
        tables = new PageTables(mmu.memory(), encoding, 8 * MIB, SYSTEM_TABLES);
        guest.map(SYSTEM_BASE, system, true, true);
        guest.busMaster(true);
    }

    /** A space that uses the page tables. */
    public VirtualSpace space() {
        VirtualSpace space = mmu.space(64);
        space.bind(tables.root(), false);
        return space;
    }
}
