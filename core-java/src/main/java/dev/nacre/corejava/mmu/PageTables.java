package dev.nacre.corejava.mmu;

import dev.nacre.core.CoreException;
import dev.nacre.corejava.gpu.VramAccess;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.memory.VideoMemory;
import dev.nacre.hw.mmu.PageLevel;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.mmu.Target;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The page tables of an address space. They lie in the GPU's memory, are made when they are needed and freed when they
 * are empty. When a method returns, the GPU uses what it has written and nothing older. Any thread.
 */
public final class PageTables implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PageTableFormat format;
    private final VramAccess vram;
    private final VideoMemory memory;
    private final WatchedGpu live;
    private final List<PageLevel> directories;
    private final PageLevel dual;
    private final PageLevel big;
    private final PageLevel small;
    private final boolean foreignRoot;
    private final MemorySegment scratch = MemorySegment.ofArray(new byte[VideoMemory.PAGE_BYTES]);

    /** Guarded by this. */
    private final PageTable root;

    /** Guarded by this; tables that nothing points to any more, but that the GPU may still use. */
    private final List<Long> abandoned = new ArrayList<>();

    private boolean closed;

    /**
     * Makes empty ones.
     *
     * @param live the GPU
     * @param memory where tables come from
     * @param foreignRoot where the root directory is that somebody else has made; empty to make one
     * @throws CoreException if there is no memory for a root
     */
    public PageTables(WatchedGpu live, VideoMemory memory, OptionalLong foreignRoot) {
        this.live = live;
        this.format = live.gpu().pageTables();
        this.vram = live.vram();
        this.memory = memory;
        this.directories = format.directories();
        this.dual = directories.getLast();
        this.big = format.bigTable();
        this.small = format.smallTable();
        this.foreignRoot = foreignRoot.isPresent();
        this.root = PageTable.directory(
                foreignRoot.isPresent() ? foreignRoot.getAsLong() : newPage(), directories.getFirst(), false);
    }

    /** Address of the root directory in the GPU's memory. */
    public long root() {
        return root.address;
    }

    /** Entries of the root directory. */
    public int rootEntries() {
        return root.level.entries();
    }

    /**
     * Maps memory where nothing is mapped, in the largest pages that fit.
     *
     * @param virtualAddress a multiple of 4096
     * @throws CoreException if there is no memory for tables; nothing is mapped then
     */
    public synchronized void map(long virtualAddress, PageRun run) {
        long done = 0;
        try {
            while (done < run.bytes()) {
                done += mapSome(virtualAddress + done, run, done);
            }
        } catch (CoreException e) {
            unmap(virtualAddress, run.bytes());
            throw e;
        }
        live.invalidateTlb(root.address);
    }

    /**
     * Takes away what is mapped in a range; larger pages that lie across its ends are cut.
     *
     * @throws CoreException if there is no memory for the tables of smaller pages; nothing has changed then
     */
    public synchronized void unmap(long virtualAddress, long bytes) {
        long end = virtualAddress + bytes;
        cut(virtualAddress);
        cut(end);
        unmap(root, 0, 0, virtualAddress, end);
        live.invalidateTlb(root.address);
        abandoned.forEach(memory::freePage);
        abandoned.clear();
    }

    /** Frees all tables; nothing uses them any more. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        unmap(0, 1L << format.addressBits());
        if (!foreignRoot) {
            memory.freePage(root.address);
        }
    }

    private long mapSome(long virtualAddress, PageRun run, long done) {
        long address = run.address() + done;
        long left = run.bytes() - done;
        if (run.hugePages() && fits(dual, virtualAddress, address, left)) {
            PageTable table = dual(virtualAddress);
            int index = table.index(virtualAddress);
            if (table.children[index] == null && table.bigTables[index] == null) {
                table.pages[index] = entry(run, address);
                table.used++;
                vram.writeLong(table.entryAddress(index), table.pages[index]);
                return dual.spanBytes();
            }
        }
        boolean inBig = fits(big, virtualAddress, address, left);
        PageLevel level = inBig ? big : small;
        long bytes = Math.min(left & -level.spanBytes(), dual.spanBytes() - (virtualAddress & dual.spanBytes() - 1));
        boolean biggerAhead = !inBig && (virtualAddress - address & big.spanBytes() - 1) == 0;
        if (biggerAhead) {
            bytes = Math.min(bytes, big.spanBytes() - (virtualAddress & big.spanBytes() - 1));
        }
        PageTable table = inBig ? bigTable(virtualAddress) : smallTable(virtualAddress);
        fill(table, table.index(virtualAddress), (int) (bytes / level.spanBytes()), run, address);
        return bytes;
    }

    private static boolean fits(PageLevel level, long virtualAddress, long address, long left) {
        long mask = level.spanBytes() - 1;
        return (virtualAddress & mask) == 0 && (address & mask) == 0 && left > mask;
    }

    private void fill(PageTable table, int first, int count, PageRun run, long address) {
        for (int i = 0; i < count; i++) {
            table.pages[first + i] = entry(run, address + i * table.level.spanBytes());
        }
        table.used += count;
        write(table, first, count);
    }

    private long entry(PageRun run, long address) {
        return run.target() == Target.INVALID
                ? format.sparseEntry()
                : format.pageEntry(run.target(), address, run.readOnly(), run.kind());
    }

    /** Writes entries of pages. */
    private void write(PageTable table, int first, int count) {
        for (int i = 0; i < count; i++) {
            scratch.setAtIndex(LONG, i, table.pages[first + i]);
        }
        vram.write(table.entryAddress(first), scratch, 0, count * Long.BYTES);
    }

    private PageTable dual(long virtualAddress) {
        PageTable table = root;
        for (int depth = 1; depth < directories.size(); depth++) {
            int index = table.index(virtualAddress);
            PageTable child = table.children[index];
            if (child == null) {
                PageLevel level = directories.get(depth);
                child = PageTable.directory(newPage(), level, depth == directories.size() - 1);
                table.children[index] = child;
                table.used++;
                vram.writeLong(table.entryAddress(index), format.directoryEntry(Target.VIDEO_MEMORY, child.address));
            }
            table = child;
        }
        return table;
    }

    private PageTable bigTable(long virtualAddress) {
        PageTable directory = dual(virtualAddress);
        int index = directory.index(virtualAddress);
        PageTable table = directory.bigTables[index];
        if (table == null) {
            table = PageTable.ofPages(newPage(), big);
            directory.bigTables[index] = table;
            directory.used++;
            vram.writeLong(directory.entryAddress(index), format.bigTableEntry(Target.VIDEO_MEMORY, table.address));
        }
        return table;
    }

    private PageTable smallTable(long virtualAddress) {
        PageTable directory = dual(virtualAddress);
        int index = directory.index(virtualAddress);
        PageTable table = directory.children[index];
        if (table == null) {
            table = PageTable.ofPages(newPage(), small);
            directory.children[index] = table;
            directory.used++;
            vram.writeLong(
                    directory.entryAddress(index) + Long.BYTES,
                    format.directoryEntry(Target.VIDEO_MEMORY, table.address));
        }
        return table;
    }

    private long newPage() {
        long page = memory.allocatePage();
        vram.fill(page, VideoMemory.PAGE_BYTES, (byte) 0);
        return page;
    }

    /** Has a page end at an address that lies inside it: puts smaller ones in its place, which map the same. */
    private void cut(long virtualAddress) {
        PageTable directory = find(virtualAddress);
        if (directory == null) {
            return;
        }
        int index = directory.index(virtualAddress);
        long huge = directory.pages[index];
        if (huge != 0) {
            cutHuge(directory, index, huge, virtualAddress);
        }
        PageTable table = directory.bigTables[index];
        if (table != null) {
            int bigIndex = table.index(virtualAddress);
            boolean inside = (virtualAddress & big.spanBytes() - 1) != 0;
            if (inside && table.pages[bigIndex] != 0) {
                cutBig(directory, table, bigIndex, virtualAddress);
            }
        }
    }

    private void cutHuge(PageTable directory, int index, long entry, long virtualAddress) {
        if ((virtualAddress & dual.spanBytes() - 1) == 0) {
            return;
        }
        long start = virtualAddress & -dual.spanBytes();
        fill(smallTable(start), 0, small.entries(), same(entry, dual), format.pageAddress(entry));
        // ORDERING: the small pages are there before they are seen.
        directory.pages[index] = 0;
        directory.used--;
        vram.writeLong(directory.entryAddress(index), 0);
    }

    private void cutBig(PageTable directory, PageTable table, int bigIndex, long virtualAddress) {
        long entry = table.pages[bigIndex];
        long start = virtualAddress & -big.spanBytes();
        PageTable smalls = smallTable(start);
        int count = (int) (big.spanBytes() / small.spanBytes());
        fill(smalls, smalls.index(start), count, same(entry, big), format.pageAddress(entry));
        // ORDERING: the small pages are there before they are seen.
        clear(table, bigIndex, 1);
        dropIfEmpty(directory, directory.index(start));
    }

    private PageRun same(long entry, PageLevel level) {
        if (entry == format.sparseEntry()) {
            return PageRun.sparse(0, level.spanBytes());
        }
        return new PageRun(
                format.pageTarget(entry),
                format.pageAddress(entry),
                level.spanBytes(),
                format.isReadOnly(entry),
                format.kind(entry),
                false);
    }

    /** The dual directory of an address, if there is one. */
    private @Nullable PageTable find(long virtualAddress) {
        PageTable table = root;
        for (int depth = 1; depth < directories.size() && table != null; depth++) {
            table = table.children[table.index(virtualAddress)];
        }
        return table;
    }

    /** Empties a part of a directory that begins at {@code base}; the part's ends cut no page. */
    private void unmap(PageTable directory, int depth, long base, long start, long end) {
        long span = directory.level.spanBytes();
        int first = (int) ((Math.max(start, base) - base) >>> directory.level.lo());
        for (int i = first; i < directory.children.length; i++) {
            long from = base + i * span;
            if (from >= end) {
                break;
            }
            if (depth == directories.size() - 1) {
                unmapDual(directory, i, Math.max(start, from), Math.min(end, from + span));
                continue;
            }
            PageTable child = directory.children[i];
            if (child != null) {
                unmap(child, depth + 1, from, start, end);
                if (child.used == 0) {
                    directory.children[i] = null;
                    directory.used--;
                    vram.writeLong(directory.entryAddress(i), 0);
                    abandoned.add(child.address);
                }
            }
        }
    }

    private void unmapDual(PageTable directory, int index, long start, long end) {
        if (directory.pages[index] != 0) {
            directory.pages[index] = 0;
            directory.used--;
            vram.writeLong(directory.entryAddress(index), 0);
        }
        unmapPages(directory.bigTables[index], start, end);
        unmapPages(directory.children[index], start, end);
        dropIfEmpty(directory, index);
    }

    private void unmapPages(@Nullable PageTable table, long start, long end) {
        if (table != null) {
            long span = table.level.spanBytes();
            // A big page that lies across an end is none any more: it was cut.
            int count = (int) (Math.ceilDiv(end, span) - (start & -span) / span);
            clear(table, table.index(start), count);
        }
    }

    private void clear(PageTable table, int first, int count) {
        int cleared = 0;
        for (int i = first; i < first + count; i++) {
            cleared += table.pages[i] != 0 ? 1 : 0;
            table.pages[i] = 0;
        }
        table.used -= cleared;
        if (cleared > 0) {
            write(table, first, count);
        }
    }

    private void dropIfEmpty(PageTable directory, int index) {
        PageTable bigs = directory.bigTables[index];
        if (bigs != null && bigs.used == 0) {
            directory.bigTables[index] = null;
            directory.used--;
            vram.writeLong(directory.entryAddress(index), 0);
            abandoned.add(bigs.address);
        }
        PageTable smalls = directory.children[index];
        if (smalls != null && smalls.used == 0) {
            directory.children[index] = null;
            directory.used--;
            vram.writeLong(directory.entryAddress(index) + Long.BYTES, 0);
            abandoned.add(smalls.address);
        }
    }
}
