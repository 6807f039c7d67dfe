package dev.nacre.corejava.disp;

import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.disp.Nvc67e;
import dev.nacre.hw.disp.Nvca7d;
import dev.nacre.hw.disp.Nvca7e;
import dev.nacre.hw.disp.SurfaceAddress;

/** Tells channels of memory, in the way of a generation of display engines. */
sealed interface Pointers {
    /** The way of a generation. */
    static Pointers of(DisplayGeneration generation) {
        return generation.surfacesByAddress() ? new ByAddress() : new ByHandle();
    }

    /**
     * Memory that the display reaches.
     *
     * @param address in the GPU's memory, or a bus address; a multiple of 16, of 256 for pictures
     * @param system whether it is the host's memory
     * @param blockLinear whether a picture lies in blocks
     */
    record Target(long address, boolean system, boolean blockLinear) {}

    /** A window's picture. */
    void picture(Methods window, Target target);

    /** No picture. */
    void noPicture(Methods window);

    /** A head's cursor; its methods are so many bytes above those of head 0. */
    void cursor(Methods core, int headBase, Target target);

    /** No cursor. */
    void noCursor(Methods core, int headBase);

    /** The core's notifier. */
    void coreNotifier(Methods core, Notifiers notifiers);

    /** A window's notifier. */
    void windowNotifier(Methods window, Notifiers notifiers, int notifier);

    /** By a handle of a context DMA over all memory, and the address as offset. */
    record ByHandle() implements Pointers {
        private static final int OFFSET_SHIFT = 8;

        // HW: open-gpu-doc clc67d.h: in units of 16 bytes (11:4)
        private static final int NOTIFIER_OFFSET_SHIFT = 4;

        @Override
        public void picture(Methods window, Target target) {
            window.add(Nvc67e.SET_CONTEXT_DMA_ISO, InstanceTable.handle(target.system(), target.blockLinear()));
            window.add(Nvc67e.SET_OFFSET, (int) (target.address() >>> OFFSET_SHIFT));
        }

        @Override
        public void noPicture(Methods window) {
            window.add(Nvc67e.SET_CONTEXT_DMA_ISO, 0);
        }

        @Override
        public void cursor(Methods core, int headBase, Target target) {
            core.add(
                    headBase + Nvc67d.HEAD_SET_CONTEXT_DMA_CURSOR,
                    InstanceTable.handle(target.system(), target.blockLinear()));
            core.add(headBase + Nvc67d.HEAD_SET_OFFSET_CURSOR, (int) (target.address() >>> OFFSET_SHIFT));
        }

        @Override
        public void noCursor(Methods core, int headBase) {
            core.add(headBase + Nvc67d.HEAD_SET_CONTEXT_DMA_CURSOR, 0);
        }

        @Override
        public void coreNotifier(Methods core, Notifiers notifiers) {
            core.add(Nvc67d.SET_CONTEXT_DMA_NOTIFIER, InstanceTable.NOTIFIERS);
            core.add(
                    Nvc67d.SET_NOTIFIER_CONTROL,
                    Nvc67d.SET_NOTIFIER_CONTROL_NOTIFY | Notifiers.CORE << NOTIFIER_OFFSET_SHIFT);
        }

        @Override
        public void windowNotifier(Methods window, Notifiers notifiers, int notifier) {
            window.add(Nvc67e.SET_CONTEXT_DMA_NOTIFIER, InstanceTable.NOTIFIERS);
            window.add(Nvc67e.SET_NOTIFIER_CONTROL, notifier << NOTIFIER_OFFSET_SHIFT);
        }
    }

    /** By a physical address. */
    record ByAddress() implements Pointers {
        @Override
        public void picture(Methods window, Target target) {
            window.add(Nvca7e.SET_SURFACE_ADDRESS_HI_ISO, high(target));
            window.add(Nvca7e.SET_SURFACE_ADDRESS_LO_ISO, low(target));
        }

        @Override
        public void noPicture(Methods window) {
            window.add(Nvca7e.SET_SURFACE_ADDRESS_LO_ISO, 0);
        }

        @Override
        public void cursor(Methods core, int headBase, Target target) {
            core.add(headBase + Nvca7d.HEAD_SET_SURFACE_ADDRESS_HI_CURSOR, high(target));
            core.add(headBase + Nvca7d.HEAD_SET_SURFACE_ADDRESS_LO_CURSOR, low(target));
        }

        @Override
        public void noCursor(Methods core, int headBase) {
            core.add(headBase + Nvca7d.HEAD_SET_SURFACE_ADDRESS_LO_CURSOR, 0);
        }

        @Override
        public void coreNotifier(Methods core, Notifiers notifiers) {
            Target target = new Target(notifiers.address(Notifiers.CORE), true, false);
            core.add(Nvca7d.SET_SURFACE_ADDRESS_HI_NOTIFIER, high(target));
            core.add(Nvca7d.SET_SURFACE_ADDRESS_LO_NOTIFIER, low(target));
            core.add(Nvc67d.SET_NOTIFIER_CONTROL, Nvc67d.SET_NOTIFIER_CONTROL_NOTIFY);
        }

        @Override
        public void windowNotifier(Methods window, Notifiers notifiers, int notifier) {
            Target target = new Target(notifiers.address(notifier), true, false);
            window.add(Nvca7e.SET_SURFACE_ADDRESS_HI_NOTIFIER, high(target));
            window.add(Nvca7e.SET_SURFACE_ADDRESS_LO_NOTIFIER, low(target));
        }

        private static int high(Target target) {
            return (int) (target.address() >>> Integer.SIZE);
        }

        private static int low(Target target) {
            int where = target.system() ? SurfaceAddress.TARGET_PHYSICAL_PCI : SurfaceAddress.TARGET_PHYSICAL_NVM;
            return SurfaceAddress.low(target.address(), where, target.blockLinear());
        }
    }
}
