package dev.nacre.corejava.gsp;

import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.io.HostileBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Memory for the GSP's boot firmware, described by three levels of page lists ("radix 3"). */
public final class PageLists implements AutoCloseable {
    // HW: open-gpu-kernel-modules kernel_gsp.c (kgspCreateRadix3)
    private static final int PAGE = 4096;
    private static final int ENTRIES = PAGE / Long.BYTES;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DmaMemory.Buffer content;
    private final DmaMemory.Buffer lists;

    private PageLists(DmaMemory.Buffer content, DmaMemory.Buffer lists) {
        this.content = content;
        this.lists = lists;
    }

    /**
     * Zeroed memory.
     *
     * @param bytes from 1
     */
    public static PageLists allocate(DmaMemory dma, long bytes) {
        DmaMemory.Buffer content = dma.allocate(bytes);
        boolean made = false;
        try {
            PageLists all = new PageLists(content, lists(dma, content));
            made = true;
            return all;
        } finally {
            if (!made) {
                content.close();
            }
        }
    }

    /** Memory with a content. */
    public static PageLists of(DmaMemory dma, HostileBytes content) {
        PageLists all = allocate(dma, content.size());
        MemorySegment.copy(MemorySegment.ofArray(content.copy()), 0, all.content.segment(), 0, content.size());
        return all;
    }

    private static DmaMemory.Buffer lists(DmaMemory dma, DmaMemory.Buffer content) {
        long pages = content.bytes() / PAGE;
        long level2Pages = Math.ceilDiv(pages, ENTRIES);
        long level1Pages = Math.ceilDiv(level2Pages, ENTRIES);
        DmaMemory.Buffer lists = dma.allocate((1 + level1Pages + level2Pages) * PAGE);
        long level1 = PAGE;
        long level2 = level1 + level1Pages * PAGE;
        fill(lists, 0, lists.iova() + level1, level1Pages);
        fill(lists, level1, lists.iova() + level2, level2Pages);
        fill(lists, level2, content.iova(), pages);
        return lists;
    }

    private static void fill(DmaMemory.Buffer lists, long at, long address, long count) {
        for (long i = 0; i < count; i++) {
            lists.segment().set(LONG, at + i * Long.BYTES, address + i * PAGE);
        }
    }

    /** Address of the first level's page. */
    public long iova() {
        return lists.iova();
    }

    /** Gives the memory back. Idempotent. */
    @Override
    public void close() {
        lists.close();
        content.close();
    }
}
