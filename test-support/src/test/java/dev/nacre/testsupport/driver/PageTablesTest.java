package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageLevel;
import dev.nacre.hw.mmu.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PageTablesTest {
    /** Tables in maps: half of them in one memory, half in the other. */
    private static final class FakeTable implements PageTables.Table {
        private final Map<Long, Long> entries = new HashMap<>();
        private final long address;
        private final boolean system;

        FakeTable(long address, boolean system) {
            this.address = address;
            this.system = system;
        }

        @Override
        public boolean isSystem() {
            return system;
        }

        @Override
        public long address() {
            return address;
        }

        @Override
        public void put(long offset, long entry) {
            entries.put(offset, entry);
        }

        @Override
        public long at(long offset) {
            return entries.getOrDefault(offset, 0L);
        }
    }

    private final Map<Long, FakeTable> memory = new HashMap<>();
    private final FakeTable root = allocate(4096);
    private final PageTables tables = new PageTables(root, this::allocate, new Check());

    private FakeTable allocate(int sizeBytes) {
        FakeTable table = new FakeTable(0x10_0000L + 0x1000L * memory.size(), memory.size() % 2 == 1);
        memory.put(table.address(), table);
        return table;
    }

    @Test
    void aSmallPageIsFoundThroughTheSecondHalfOfTheDualEntry() {
        tables.mapVideo(0x1_8000_1234_5000L, 0x1f_e000, PageTables.Page.SMALL);

        assertThat(walk(0x1_8000_1234_5678L)).isEqualTo(0x1f_e678L);
        assertThat(walk(0x1_8000_1234_6000L)).isEqualTo(-1);
    }

    @Test
    void aBigPageIsFoundThroughTheFirstHalfOfTheDualEntry() {
        tables.mapVideo(0x2_0001_0000L, 0x55_0000, PageTables.Page.BIG);

        assertThat(walk(0x2_0001_fedcL)).isEqualTo(0x55_fedcL);
    }

    @Test
    void aHugePageIsAnEntryOfTheLastDirectory() {
        tables.mapVideo(0x3_0020_0000L, 0x40_0000, PageTables.Page.HUGE);

        assertThat(walk(0x3_003f_ffffL)).isEqualTo(0x5f_ffffL);
    }

    @Test
    void bigAndSmallPagesShareADirectoryEntry() {
        tables.mapVideo(0x2_0000_0000L, 0x70_0000, PageTables.Page.BIG);
        tables.mapVideo(0x2_0001_0000L, 0x80_0000, PageTables.Page.SMALL);

        assertThat(walk(0x2_0000_8000L)).isEqualTo(0x70_8000L);
        assertThat(walk(0x2_0001_0008L)).isEqualTo(0x80_0008L);
    }

    @Test
    void anUnmappedPageIsNotFound() {
        tables.mapVideo(0x2_0000_0000L, 0x70_0000, PageTables.Page.BIG);

        tables.unmap(0x2_0000_0000L, PageTables.Page.BIG);

        assertThat(walk(0x2_0000_0000L)).isEqualTo(-1);
    }

    /** Walks as the hardware does: the table of big pages first. */
    private long walk(long va) {
        FakeTable table = root;
        List<PageLevel> levels = GmmuV2.FORMAT.directories();
        for (PageLevel level : levels.subList(0, levels.size() - 1)) {
            table = behind(table.at(level.entryOffset(va)), table);
            if (table == null) {
                return -1;
            }
        }
        long dual = levels.getLast().entryOffset(va);
        long first = table.at(dual);
        if (GmmuV2.FORMAT.isPage(first)) {
            return GmmuV2.FORMAT.pageAddress(first) + (va & 0x1f_ffff);
        }
        if (GmmuV2.FORMAT.bigTableTarget(first) != Target.INVALID) {
            long entry = table(GmmuV2.FORMAT.bigTableAddress(first))
                    .at(GmmuV2.FORMAT.bigTable().entryOffset(va));
            if (GmmuV2.FORMAT.isValid(entry)) {
                return GmmuV2.FORMAT.pageAddress(entry) + (va & 0xffff);
            }
        }
        FakeTable small = behind(table.at(dual + 8), table);
        long entry = small == null ? 0 : small.at(GmmuV2.FORMAT.smallTable().entryOffset(va));
        return GmmuV2.FORMAT.isValid(entry) ? GmmuV2.FORMAT.pageAddress(entry) + (va & 0xfff) : -1;
    }

    private FakeTable table(long address) {
        return Objects.requireNonNull(memory.get(address));
    }

    private @Nullable FakeTable behind(long entry, FakeTable parent) {
        Target target = GmmuV2.FORMAT.directoryTarget(entry);
        if (target == Target.INVALID) {
            return null;
        }
        FakeTable table = table(GmmuV2.FORMAT.directoryAddress(entry));
        assertThat(table).isNotSameAs(parent);
        assertThat(target).isEqualTo(table.isSystem() ? Target.SYSTEM_MEMORY : Target.VIDEO_MEMORY);
        return table;
    }
}
