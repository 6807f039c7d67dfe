package dev.nacre.drm.kms;

import dev.nacre.core.CoreException;
import dev.nacre.core.CursorState;
import dev.nacre.core.HeadState;
import dev.nacre.core.WindowState;
import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks whether a state can be shown, and says what its heads show then. HW: the errors are those of drm_atomic.c. */
final class StateCheck {
    private static final int NEAREST = 255;
    private static final int FRACTION_BITS = 16;

    private final Layout layout;
    private final State state;

    StateCheck(Layout layout, State state) {
        this.layout = layout;
        this.state = state;
    }

    /**
     * What the heads show.
     *
     * @throws DrmException with EINVAL, ERANGE or ENOSPC if that is impossible
     */
    Map<Integer, HeadState> heads() {
        Map<Integer, HeadState> heads = new HashMap<>();
        for (Plane plane : layout.planes()) {
            check(plane, state.of(plane));
        }
        for (Crtc crtc : layout.crtcs()) {
            heads.put(crtc.index(), head(crtc));
        }
        return heads;
    }

    private static DrmException refused(Errno errno, String why) {
        return new DrmException(errno, why);
    }

    private static void check(Plane plane, PlaneState next) {
        FrameBuffer fb = next.fb();
        Crtc crtc = next.crtc();
        if ((fb == null) != (crtc == null)) {
            throw refused(Errno.EINVAL, "A plane needs both a head and a picture, or neither");
        }
        if (fb == null || crtc == null) {
            return;
        }
        if (crtc.index() != plane.head() || !plane.shows(fb)) {
            throw refused(Errno.EINVAL, "The plane does not show that head, or that format");
        }
        if (next.width() > Integer.MAX_VALUE
                || next.height() > Integer.MAX_VALUE
                || next.x() > Integer.MAX_VALUE - next.width()
                || next.y() > Integer.MAX_VALUE - next.height()) {
            throw refused(Errno.ERANGE, "The plane is too far away");
        }
        PlaneState.Source source = next.source();
        long width = (long) fb.surface().width() << FRACTION_BITS;
        long height = (long) fb.surface().height() << FRACTION_BITS;
        if (source.width() > width
                || source.x() > width - source.width()
                || source.height() > height
                || source.y() > height - source.height()) {
            throw refused(Errno.ENOSPC, "The part is not in the picture");
        }
        if (source.width() >> FRACTION_BITS != next.width() || source.height() >> FRACTION_BITS != next.height()) {
            throw refused(Errno.ERANGE, "Planes do not scale");
        }
    }

    private HeadState head(Crtc crtc) {
        CrtcState next = state.of(crtc);
        List<Integer> connectors = state.connectorsOf(crtc);
        ModeInfo mode = next.mode();
        if ((mode == null) != connectors.isEmpty() || connectors.size() > 1) {
            throw refused(Errno.EINVAL, "A head needs a mode and a connector, or neither");
        }
        if (mode == null) {
            if (next.active()) {
                throw refused(Errno.EINVAL, "A head without a mode cannot be active");
            }
            return HeadState.OFF;
        }
        int connector = connectors.getFirst();
        if ((layout.connectors().get(connector).of().heads() >> crtc.index() & 1) == 0) {
            throw refused(Errno.EINVAL, "The connector does not show that head");
        }
        try {
            HeadState head = new HeadState(
                    Optional.of(new HeadState.Output(connector, mode.timing())), windows(crtc, mode), cursor(crtc));
            return next.active() ? head : HeadState.OFF;
        } catch (CoreException e) {
            throw refused(Errno.EINVAL, String.valueOf(e.getMessage()));
        }
    }

    private List<Optional<WindowState>> windows(Crtc crtc, ModeInfo mode) {
        List<Plane> shown = new ArrayList<>(layout.planes().stream()
                .filter(plane ->
                        plane.kind() != Plane.Kind.CURSOR && state.of(plane).crtc() == crtc)
                .toList());
        shown.sort(
                Comparator.comparingLong((Plane plane) -> state.of(plane).look().zpos())
                        .thenComparingInt(ModeObject::id));
        List<Optional<WindowState>> windows =
                new ArrayList<>(Collections.nCopies(layout.windowsPerHead(), Optional.empty()));
        for (int i = 0; i < shown.size(); i++) {
            Plane plane = shown.get(i);
            windows.set(plane.window(), window(state.of(plane), mode, NEAREST - i));
        }
        return windows;
    }

    /** The part of a plane that is on the head; empty if there is none. */
    private static Optional<WindowState> window(PlaneState plane, ModeInfo mode, int depth) {
        FrameBuffer fb = plane.fb();
        long left = Math.max(0, plane.x());
        long top = Math.max(0, plane.y());
        long right = Math.min(mode.timing().width(), plane.x() + plane.width());
        long bottom = Math.min(mode.timing().height(), plane.y() + plane.height());
        if (fb == null || left >= right || top >= bottom) {
            return Optional.empty();
        }
        PlaneState.Source source = plane.source();
        return Optional.of(new WindowState(
                fb.surface(),
                (int) ((source.x() >> FRACTION_BITS) + left - plane.x()),
                (int) ((source.y() >> FRACTION_BITS) + top - plane.y()),
                (int) (right - left),
                (int) (bottom - top),
                (int) left,
                (int) top,
                depth,
                (int) (plane.look().alpha() >> Byte.SIZE),
                blend(plane.look().blend())));
    }

    private static WindowState.Blend blend(long value) {
        return switch ((int) value) {
            case 0 -> WindowState.Blend.PREMULTIPLIED;
            case 1 -> WindowState.Blend.COVERAGE;
            default -> WindowState.Blend.NONE;
        };
    }

    private Optional<CursorState> cursor(Crtc crtc) {
        for (Plane plane : layout.planes()) {
            PlaneState next = state.of(plane);
            FrameBuffer fb = next.fb();
            if (plane.kind() == Plane.Kind.CURSOR && next.crtc() == crtc && fb != null) {
                if (next.width() != fb.surface().width()
                        || next.height() != fb.surface().height()) {
                    throw refused(Errno.EINVAL, "A cursor shows all of its picture");
                }
                return Optional.of(new CursorState(fb.surface(), next.x(), next.y()));
            }
        }
        return Optional.empty();
    }
}
