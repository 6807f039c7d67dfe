package dev.nacre.corejava;

import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageLevel;
import dev.nacre.hw.mmu.Target;
import org.jspecify.annotations.Nullable;

/** Reads page tables as the hardware does. */
public record Walk(FakeGpu gpu, long root) {
    private static final GmmuV2 FORMAT = GmmuV2.FORMAT;

    /** Where a byte lies, and what may be done with it. */
    public record Place(boolean system, long address, boolean readOnly, int kind, long pageBytes) {}

    /** Translates an address; null if nothing is mapped there. */
    public @Nullable Place translate(long address) {
        long table = root;
        for (PageLevel level :
                FORMAT.directories().subList(0, FORMAT.directories().size() - 1)) {
            long entry = at(table + level.entryOffset(address));
            if (FORMAT.directoryTarget(entry) == Target.INVALID) {
                return null;
            }
            table = FORMAT.directoryAddress(entry);
        }
        PageLevel dual = FORMAT.directories().getLast();
        long first = at(table + dual.entryOffset(address));
        if (FORMAT.isPage(first)) {
            return place(first, dual, address);
        }
        if (FORMAT.bigTableTarget(first) != Target.INVALID) {
            long entry = at(FORMAT.bigTableAddress(first) + FORMAT.bigTable().entryOffset(address));
            if (FORMAT.isValid(entry)) {
                return place(entry, FORMAT.bigTable(), address);
            }
        }
        long second = at(table + dual.entryOffset(address) + 8);
        if (FORMAT.directoryTarget(second) == Target.INVALID) {
            return null;
        }
        long entry = at(FORMAT.directoryAddress(second) + FORMAT.smallTable().entryOffset(address));
        return FORMAT.isValid(entry) ? place(entry, FORMAT.smallTable(), address) : null;
    }

    private static Place place(long entry, PageLevel level, long address) {
        return new Place(
                FORMAT.pageTarget(entry) == Target.SYSTEM_MEMORY,
                FORMAT.pageAddress(entry) + (address & level.spanBytes() - 1),
                FORMAT.isReadOnly(entry),
                FORMAT.kind(entry),
                level.spanBytes());
    }

    private long at(long address) {
        return gpu.fb.get(FakeGpu.LONG, address);
    }
}
