package dev.nacre.board.disp;

import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.disp.Nvc67e;
import java.util.Optional;

/** Memory by a handle of a context DMA, and an offset in it. */
record HandleSurfaces(DisplayGeneration generation, DisplayMemory memory) implements Surfaces {
    private static final int CORE_ID = 0;
    private static final int UNIT_BYTES = 16;

    @Override
    public boolean isOn(ChannelState window) {
        return window.armed(Nvc67e.SET_CONTEXT_DMA_ISO) != 0;
    }

    @Override
    public Optional<Place> picture(MethodState window) {
        return place(window.get(Nvc67e.SET_CONTEXT_DMA_ISO), window.hashId(), window.offsetBytes(Nvc67e.SET_OFFSET));
    }

    @Override
    public Optional<Place> inputLut(MethodState window) {
        return place(
                window.get(Nvc67e.SET_CONTEXT_DMA_ILUT), window.hashId(), window.offsetBytes(Nvc67e.SET_OFFSET_ILUT));
    }

    @Override
    public Optional<Place> cursor(MethodState core, int head) {
        int base = head * generation.headStrideBytes();
        return place(
                core.get(base + Nvc67d.HEAD_SET_CONTEXT_DMA_CURSOR),
                CORE_ID,
                core.offsetBytes(base + Nvc67d.HEAD_SET_OFFSET_CURSOR));
    }

    @Override
    public Optional<Place> coreNotifier(ChannelState core) {
        return place(
                core.armed(Nvc67d.SET_CONTEXT_DMA_NOTIFIER),
                core.hashId(),
                notifierOffset(core.armed(Nvc67d.SET_NOTIFIER_CONTROL)));
    }

    @Override
    public Optional<Place> windowNotifier(ChannelState window) {
        return place(
                window.armed(Nvc67e.SET_CONTEXT_DMA_NOTIFIER),
                window.hashId(),
                notifierOffset(window.armed(Nvc67e.SET_NOTIFIER_CONTROL)));
    }

    @Override
    public Optional<Place> semaphore(ChannelState window) {
        return place(
                window.assembly(Nvc67e.SET_CONTEXT_DMA_SEMAPHORE),
                window.hashId(),
                (window.assembly(Nvc67e.SET_SEMAPHORE_CONTROL) & 0xff) * (long) UNIT_BYTES);
    }

    private static long notifierOffset(int control) {
        return (control >> 4 & 0xff) * (long) UNIT_BYTES;
    }

    private Optional<Place> place(int handle, int channelId, long offset) {
        return memory.contextDma(handle, channelId).map(dma -> new Place(dma, offset));
    }
}
