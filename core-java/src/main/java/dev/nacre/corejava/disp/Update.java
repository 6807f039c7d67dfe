package dev.nacre.corejava.disp;

import dev.nacre.core.DisplayFormat;
import dev.nacre.core.DisplayMode;
import dev.nacre.core.DisplaySurface;
import dev.nacre.core.WindowState;
import dev.nacre.corejava.disp.Pointers.Target;
import dev.nacre.corejava.gpu.DisplayModel;
import dev.nacre.hw.disp.BlendFactor;
import dev.nacre.hw.disp.Nvc67b;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.disp.Nvc67e;
import dev.nacre.hw.disp.SurfaceFormat;
import dev.nacre.hw.surface.Gob;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Changes of what heads show that are taken together. Guarded by the display. */
final class Update {
    private static final int INTERLOCK_CORE = 1;
    private static final int PRESENT_NEXT_FRAME = 1;
    private static final int DEPTH_SHIFT = 4;
    private static final int CURSOR_LEVEL = 0xff;
    private static final int SIDE_SHIFT = 16;

    private final Channels channels;
    private final Notifiers notifiers;
    private final int headStrideBytes;
    private final Pointers pointers;
    private final Function<DisplaySurface, Target> targets;
    private final boolean immediate;
    private final Methods core = new Methods();
    private final Map<Integer, Methods> windows = new TreeMap<>();
    private final Map<Integer, Methods> positions = new TreeMap<>();
    private boolean takesCore;

    Update(
            Channels channels,
            Notifiers notifiers,
            DisplayModel model,
            Function<DisplaySurface, Target> targets,
            boolean immediate) {
        this.channels = channels;
        this.notifiers = notifiers;
        this.headStrideBytes = model.generation().headStrideBytes();
        this.pointers = Pointers.of(model.generation());
        this.targets = targets;
        this.immediate = immediate;
    }

    private static int pair(int low, int high) {
        return high << SIDE_SHIFT | (low & 0xffff);
    }

    // The core.

    /** Has no head drive an output resource. */
    void turnOff(int sor) {
        core.add(Nvc67d.SOR_SET_CONTROL + sor * Nvc67d.SOR_STRIDE, 0);
    }

    /** Has a head scan, and drive an output resource. */
    void turnOn(int head, DisplayMode mode, int sor, int protocol) {
        int base = head * headStrideBytes;
        core.add(
                Nvc67d.SOR_SET_CONTROL + sor * Nvc67d.SOR_STRIDE,
                protocol << Nvc67d.SOR_SET_CONTROL_PROTOCOL_SHIFT | 1 << head);
        int size = pair(mode.width(), mode.height());
        core.add(base + Nvc67d.HEAD_SET_VIEWPORT_SIZE_IN, size);
        core.add(base + Nvc67d.HEAD_SET_VIEWPORT_SIZE_OUT, size);
        // HW: a frame begins with the syncs; nouveau dispnv50/head.c (nv50_head_atomic_check_mode)
        int syncPixel = mode.hsyncEnd() - mode.hsyncStart() - 1;
        int syncLine = mode.vsyncEnd() - mode.vsyncStart() - 1;
        int blankPixel = syncPixel + mode.htotal() - mode.hsyncEnd();
        int blankLine = syncLine + mode.vtotal() - mode.vsyncEnd();
        core.add(base + Nvc67d.HEAD_SET_RASTER_SIZE, pair(mode.htotal(), mode.vtotal()));
        core.add(base + Nvc67d.HEAD_SET_RASTER_SYNC_END, pair(syncPixel, syncLine));
        core.add(base + Nvc67d.HEAD_SET_RASTER_BLANK_END, pair(blankPixel, blankLine));
        core.add(base + Nvc67d.HEAD_SET_RASTER_BLANK_START, pair(blankPixel + mode.width(), blankLine + mode.height()));
        core.add(base + Nvc67d.HEAD_SET_PIXEL_CLOCK_FREQUENCY, mode.clockKhz() * 1000);
        core.add(
                base + Nvc67d.HEAD_SET_CONTROL_OUTPUT_RESOURCE,
                Nvc67d.HEAD_SET_CONTROL_OUTPUT_RESOURCE_NO_PACKETS
                        | Nvc67d.HEAD_SET_CONTROL_OUTPUT_RESOURCE_RESET
                        | (mode.hsyncPositive() ? 0 : Nvc67d.HEAD_SET_CONTROL_OUTPUT_RESOURCE_HSYNC_NEGATIVE)
                        | (mode.vsyncPositive() ? 0 : Nvc67d.HEAD_SET_CONTROL_OUTPUT_RESOURCE_VSYNC_NEGATIVE));
    }

    /** Sets or takes away a head's cursor. */
    void cursor(int head, Optional<DisplaySurface> surface) {
        int base = head * headStrideBytes;
        if (surface.isEmpty()) {
            core.add(base + Nvc67d.HEAD_SET_CONTROL_CURSOR, format(DisplayFormat.A8R8G8B8));
            pointers.noCursor(core, base);
            return;
        }
        pointers.cursor(core, base, targets.apply(surface.get()));
        int size = Integer.numberOfTrailingZeros(surface.get().width()) - Integer.numberOfTrailingZeros(32);
        core.add(
                base + Nvc67d.HEAD_SET_CONTROL_CURSOR,
                Nvc67d.HEAD_SET_CONTROL_CURSOR_ENABLE | size << 8 | format(DisplayFormat.A8R8G8B8));
        core.add(
                base + Nvc67d.HEAD_SET_CONTROL_CURSOR_COMPOSITION,
                CURSOR_LEVEL | BlendFactor.K1 << 8 | BlendFactor.NEG_K1_TIMES_SRC << 12);
    }

    // Windows.

    /** Sets or takes away a window's picture. */
    void window(int window, Optional<WindowState> state) {
        Methods methods = new Methods();
        windows.put(window, methods);
        if (state.isEmpty()) {
            methods.add(Nvc67e.SET_PRESENT_CONTROL, present());
            pointers.noPicture(methods);
            return;
        }
        WindowState next = state.get();
        DisplaySurface surface = next.surface();
        boolean blockLinear = surface.blockHeight() != DisplaySurface.PITCH_LINEAR;
        int pitchUnit = blockLinear ? Gob.WIDTH_BYTES : DisplaySurface.PITCH_BYTES;
        methods.add(Nvc67e.SET_PRESENT_CONTROL, present());
        methods.add(Nvc67e.SET_SIZE, pair(surface.width(), surface.height()));
        methods.add(Nvc67e.SET_STORAGE, blockLinear ? surface.blockHeight() : 0);
        methods.add(Nvc67e.SET_PARAMS, format(surface.format()));
        methods.add(Nvc67e.SET_PLANAR_STORAGE, surface.pitchBytes() / pitchUnit);
        pointers.picture(methods, targets.apply(surface));
        methods.add(Nvc67e.SET_POINT_IN, pair(next.sourceX(), next.sourceY()));
        methods.add(Nvc67e.SET_SIZE_IN, pair(next.width(), next.height()));
        methods.add(Nvc67e.SET_SIZE_OUT, pair(next.width(), next.height()));
        methods.add(Nvc67e.SET_COMPOSITION_CONTROL, next.depth() << DEPTH_SHIFT);
        methods.add(Nvc67e.SET_COMPOSITION_CONSTANT_ALPHA, next.alpha());
        methods.add(Nvc67e.SET_COMPOSITION_FACTOR_SELECT, factors(next));
        Methods position = new Methods();
        positions.put(window, position);
        position.add(Nvc67b.SET_POINT_OUT, pair(next.x(), next.y()));
        position.add(Nvc67b.UPDATE, Nvc67b.UPDATE_WITH_WINDOW);
    }

    private int present() {
        return immediate ? Nvc67e.SET_PRESENT_CONTROL_IMMEDIATE : PRESENT_NEXT_FRAME;
    }

    /** The factors of the window and of what lies behind, for colour and alpha each. */
    private static int factors(WindowState window) {
        boolean alpha = window.surface().format().hasAlpha();
        int source = alpha && window.blend() == WindowState.Blend.COVERAGE ? BlendFactor.K1_TIMES_SRC : BlendFactor.K1;
        int behind =
                alpha && window.blend() != WindowState.Blend.NONE ? BlendFactor.NEG_K1_TIMES_SRC : BlendFactor.NEG_K1;
        return source | source << 4 | behind << 8 | behind << 12;
    }

    // HW: the hardware's numbers; formats without alpha are those with it, which is not used then, where there is no
    // other
    private static int format(DisplayFormat format) {
        return switch (format) {
            case R5G6B5 -> SurfaceFormat.R5G6B5.code();
            case X1R5G5B5, A1R5G5B5 -> SurfaceFormat.A1R5G5B5.code();
            case X8R8G8B8 -> SurfaceFormat.X8R8G8B8.code();
            case A8R8G8B8 -> SurfaceFormat.A8R8G8B8.code();
            case X8B8G8R8 -> SurfaceFormat.X8B8G8R8.code();
            case A8B8G8R8 -> SurfaceFormat.A8B8G8R8.code();
            case X2R10G10B10, A2R10G10B10 -> SurfaceFormat.A2R10G10B10.code();
            case X2B10G10R10, A2B10G10R10 -> SurfaceFormat.A2B10G10R10.code();
            case X16B16G16R16F, A16B16G16R16F -> SurfaceFormat.RF16_GF16_BF16_AF16.code();
        };
    }

    // All.

    /** Has the display take everything at the same time. */
    void kick() {
        takesCore = !core.isEmpty();
        int mask = 0;
        for (int window : windows.keySet()) {
            mask |= 1 << window;
        }
        for (Map.Entry<Integer, Methods> entry : windows.entrySet()) {
            Methods methods = entry.getValue();
            int notifier = Notifiers.ofWindow(entry.getKey());
            boolean moves = positions.containsKey(entry.getKey());
            notifiers.reset(notifier);
            pointers.windowNotifier(methods, notifiers, notifier);
            methods.add(Nvc67e.SET_INTERLOCK_FLAGS, takesCore ? INTERLOCK_CORE : 0);
            methods.add(Nvc67e.SET_WINDOW_INTERLOCK_FLAGS, mask);
            methods.add(Nvc67e.UPDATE, 1 | (moves ? Nvc67e.UPDATE_WITH_WINDOW_IMMEDIATE : 0));
        }
        if (takesCore) {
            notifiers.reset(Notifiers.CORE);
            pointers.coreNotifier(core, notifiers);
            core.add(Nvc67d.SET_INTERLOCK_FLAGS, 0);
            core.add(Nvc67d.SET_WINDOW_INTERLOCK_FLAGS, mask);
            core.add(Nvc67d.UPDATE, 1);
        }
        positions.forEach((window, methods) -> methods.kick(channels.immediate(window)));
        windows.forEach((window, methods) -> methods.kick(channels.window(window)));
        if (takesCore) {
            core.kick(channels.core());
        }
    }

    /** Whether it has. */
    boolean isTaken() {
        return (!takesCore || notifiers.isTaken(Notifiers.CORE))
                && windows.keySet().stream().allMatch(window -> notifiers.isTaken(Notifiers.ofWindow(window)))
                && positions.keySet().stream()
                        .allMatch(window -> channels.immediate(window).isDrained())
                && windows.keySet().stream()
                        .allMatch(window -> channels.window(window).isDrained());
    }
}
