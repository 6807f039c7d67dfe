package dev.nacre.board.disp;

import dev.nacre.board.disp.DisplayMemory.ContextDma;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.disp.Nvca7d;
import dev.nacre.hw.disp.Nvca7e;
import dev.nacre.hw.disp.SurfaceAddress;
import java.util.Optional;

/** Memory by a physical address. What may be reached from there on ends only where memory does. */
record AddressSurfaces(DisplayGeneration generation) implements Surfaces {
    /** More than any surface has; so that no address behind one wraps. */
    private static final long MAX_SURFACE_BYTES = 1L << 40;

    @Override
    public boolean isOn(ChannelState window) {
        return SurfaceAddress.isEnabled(window.armed(Nvca7e.SET_SURFACE_ADDRESS_LO_ISO));
    }

    @Override
    public Optional<Place> picture(MethodState window) {
        return place(window.get(Nvca7e.SET_SURFACE_ADDRESS_HI_ISO), window.get(Nvca7e.SET_SURFACE_ADDRESS_LO_ISO));
    }

    @Override
    public Optional<Place> inputLut(MethodState window) {
        return place(window.get(Nvca7e.SET_SURFACE_ADDRESS_HI_ILUT), window.get(Nvca7e.SET_SURFACE_ADDRESS_LO_ILUT));
    }

    @Override
    public Optional<Place> cursor(MethodState core, int head) {
        int base = head * generation.headStrideBytes();
        return place(
                core.get(base + Nvca7d.HEAD_SET_SURFACE_ADDRESS_HI_CURSOR),
                core.get(base + Nvca7d.HEAD_SET_SURFACE_ADDRESS_LO_CURSOR));
    }

    @Override
    public Optional<Place> coreNotifier(ChannelState core) {
        return place(
                core.armed(Nvca7d.SET_SURFACE_ADDRESS_HI_NOTIFIER), core.armed(Nvca7d.SET_SURFACE_ADDRESS_LO_NOTIFIER));
    }

    @Override
    public Optional<Place> windowNotifier(ChannelState window) {
        return place(
                window.armed(Nvca7e.SET_SURFACE_ADDRESS_HI_NOTIFIER),
                window.armed(Nvca7e.SET_SURFACE_ADDRESS_LO_NOTIFIER));
    }

    /** Semaphores of this generation's windows are not modelled: no driver that is supported uses them. */
    @Override
    public Optional<Place> semaphore(ChannelState window) {
        return Optional.empty();
    }

    private static Optional<Place> place(int high, int low) {
        long address = SurfaceAddress.address(high, low);
        boolean reachable = SurfaceAddress.isVideo(low) || SurfaceAddress.isSystem(low);
        if (!SurfaceAddress.isEnabled(low) || !reachable || address < 0) {
            return Optional.empty();
        }
        ContextDma from = new ContextDma(
                address,
                Math.min(MAX_SURFACE_BYTES, Long.MAX_VALUE - address),
                SurfaceAddress.isSystem(low),
                true,
                SurfaceAddress.isBlockLinear(low));
        return Optional.of(new Place(from, 0));
    }
}
