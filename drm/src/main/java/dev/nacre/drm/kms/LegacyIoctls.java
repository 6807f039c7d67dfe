package dev.nacre.drm.kms;

import dev.nacre.core.CoreException;
import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.EventReservation;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Modes, flips, cursors and planes as before atomic commits. HW: drm_crtc.c, drm_plane.c, drm_color_mgmt.c. */
final class LegacyIoctls {
    private static final int FLIP_EVENT = 1;
    private static final int FLIP_ASYNC = 2;
    private static final int CURSOR_BO = 1;
    private static final int CURSOR_MOVE = 2;
    private static final int GAMMA_ENTRY_BYTES = 8;

    private final KmsDevice device;

    LegacyIoctls(KmsDevice device) {
        this.device = device;
    }

    List<Ioctl> ioctls() {
        return List.of(
                reading(0xa2, "DRM_IOCTL_MODE_SETCRTC", 104, this::setCrtc),
                ioctl(0xa3, "DRM_IOCTL_MODE_CURSOR", 28, this::cursor),
                new Ioctl(0xa4, "DRM_IOCTL_MODE_GETGAMMA", 32, Set.of(), device.locked(this::gamma)),
                reading(0xa5, "DRM_IOCTL_MODE_SETGAMMA", 32, this::setGamma),
                ioctl(0xb0, "DRM_IOCTL_MODE_PAGE_FLIP", 24, this::pageFlip),
                ioctl(0xb7, "DRM_IOCTL_MODE_SETPLANE", 48, this::setPlane),
                ioctl(0xbb, "DRM_IOCTL_MODE_CURSOR2", 36, this::cursor),
                ioctl(0xc6, "DRM_IOCTL_MODE_CREATE_LEASE", 24, LegacyIoctls::noLeases),
                ioctl(0xc7, "DRM_IOCTL_MODE_LIST_LESSEES", 16, LegacyIoctls::noLeases),
                ioctl(0xc8, "DRM_IOCTL_MODE_GET_LEASE", 16, LegacyIoctls::noLeases),
                ioctl(0xc9, "DRM_IOCTL_MODE_REVOKE_LEASE", 4, LegacyIoctls::noLeases));
    }

    /** Changes a state by a call. With the display's lock. */
    @FunctionalInterface
    private interface Change {
        /** @return the commit that it led to; null if there is nothing to wait for */
        @Nullable
        Job apply(IoctlCall call);
    }

    /** Reads of the client's memory what a call needs. Without the lock: a client that does not tell holds up nobody. */
    @FunctionalInterface
    private interface Reading {
        /** @return what is to be done */
        Change of(IoctlCall call);
    }

    private Ioctl ioctl(int nr, String name, int bytes, Change change) {
        return reading(nr, name, bytes, _ -> change);
    }

    private Ioctl reading(int nr, String name, int bytes, Reading reading) {
        return new Ioctl(nr, name, bytes, Set.of(Access.MASTER), call -> {
            Change change = reading.of(call);
            Job job;
            device.lock().lockInterruptibly();
            try {
                job = change.apply(call);
            } finally {
                device.lock().unlock();
            }
            if (job != null) {
                job.await();
            }
        });
    }

    private static @Nullable Job noLeases(IoctlCall call) {
        throw new DrmException(Errno.EOPNOTSUPP, "There are no leases");
    }

    private Job commit(State next) {
        return device.commit(next, KmsDevice.Request.LEGACY);
    }

    // Modes.

    private Change setCrtc(IoctlCall call) {
        MemorySegment arg = call.arg();
        long count = Args.u32(arg, 8);
        if (count > device.layout().connectors().size()) {
            throw new DrmException(Errno.EINVAL, "There are not as many connectors");
        }
        MemorySegment ids = Args.of((int) count * 4);
        if (count > 0) {
            call.user().copyIn(Args.i64(arg, 0), ids);
        }
        return one -> setCrtc(one, ids);
    }

    private Job setCrtc(IoctlCall call, MemorySegment ids) {
        MemorySegment arg = call.arg();
        Crtc crtc = device.objects().require(Args.i32(arg, 12), Crtc.class);
        Plane primary = device.layout().primary(crtc);
        State next = device.state().copy();
        List<Connector> connectors = connectors(ids);
        if (Args.i32(arg, 32) == 0) {
            if (!connectors.isEmpty()) {
                throw new DrmException(Errno.EINVAL, "Connectors need a mode");
            }
            off(next, crtc);
            return commit(next);
        }
        FrameBuffer fb = frameBuffer(Args.i32(arg, 16), next.of(primary));
        ModeInfo mode = ModeInfo.read(arg, 36).orElseThrow(() -> new DrmException(Errno.EINVAL, "No head scans so"));
        if (!primary.shows(fb) || connectors.isEmpty()) {
            throw new DrmException(Errno.EINVAL, "The head does not show that format, or has no connector");
        }
        show(next, crtc, mode, fb, Args.u32(arg, 20), Args.u32(arg, 24));
        for (Connector connector : device.layout().connectors()) {
            if (connectors.contains(connector)) {
                next.set(connector, crtc);
            } else if (next.of(connector) == crtc) {
                next.set(connector, null);
            }
        }
        device.layout().crtcs().stream()
                .filter(other -> next.of(other).mode() != null
                        && next.connectorsOf(other).isEmpty())
                .forEach(other -> off(next, other));
        return commit(next);
    }

    private void show(State next, Crtc crtc, ModeInfo mode, FrameBuffer fb, long x, long y) {
        int width = mode.timing().width();
        int height = mode.timing().height();
        if (x + width > fb.surface().width() || y + height > fb.surface().height()) {
            throw new DrmException(Errno.ENOSPC, "The picture is smaller than the mode");
        }
        CrtcState before = next.of(crtc);
        ModeInfo known = before.mode();
        Blob blob = known != null && known.equals(mode) && before.modeBlob() != null
                ? before.modeBlob()
                : device.add(new Blob(mode.bytes(), null));
        next.set(crtc, before.withMode(mode, blob).withActive(true));
        Plane primary = device.layout().primary(crtc);
        next.set(
                primary,
                next.of(primary)
                        .withFb(fb)
                        .withCrtc(crtc)
                        .withPlace(0, 0, width, height)
                        .withSource(PlaneState.Source.ofPixels((int) x, (int) y, width, height)));
    }

    private void off(State next, Crtc crtc) {
        next.set(crtc, next.of(crtc).withMode(null, null).withActive(false));
        for (Connector connector : device.layout().connectors()) {
            if (next.of(connector) == crtc) {
                next.set(connector, null);
            }
        }
        Plane primary = device.layout().primary(crtc);
        next.set(primary, PlaneState.off(next.of(primary).look()));
    }

    private List<Connector> connectors(MemorySegment ids) {
        List<Connector> found = new ArrayList<>();
        for (long at = 0; at < ids.byteSize(); at += 4) {
            found.add(device.objects().require(Args.i32(ids, at), Connector.class));
        }
        return found;
    }

    /** The frame buffer of a number; -1 is the one that is shown. */
    private FrameBuffer frameBuffer(int id, PlaneState shown) {
        if (id != -1) {
            return device.objects().require(id, FrameBuffer.class);
        }
        FrameBuffer fb = shown.fb();
        if (fb == null) {
            throw new DrmException(Errno.EINVAL, "The head shows nothing");
        }
        return fb;
    }

    // Flips.

    private @Nullable Job pageFlip(IoctlCall call) {
        MemorySegment arg = call.arg();
        int flags = Args.i32(arg, 8);
        if ((flags & ~(FLIP_EVENT | FLIP_ASYNC)) != 0 || Args.i32(arg, 12) != 0) {
            throw new DrmException(Errno.EINVAL, "Flags are impossible");
        }
        Crtc crtc = device.objects().require(Args.i32(arg, 0), Crtc.class);
        State next = device.state().copy();
        Plane primary = device.layout().primary(crtc);
        PlaneState shown = next.of(primary);
        FrameBuffer now = shown.fb();
        if (now == null) {
            throw new DrmException(Errno.EBUSY, "The head shows nothing");
        }
        FrameBuffer fb = device.objects().require(Args.i32(arg, 4), FrameBuffer.class);
        requireFits(shown, fb);
        if (fb.format() != now.format() || !next.of(crtc).active()) {
            throw new DrmException(Errno.EINVAL, "Flips do not change the format, nor turn heads on");
        }
        next.set(primary, shown.withFb(fb));
        long userData = Args.i64(arg, 16);
        KmsDevice.Request request = new KmsDevice.Request(
                false,
                false,
                false,
                (flags & FLIP_ASYNC) != 0,
                List.of(),
                of -> (flags & FLIP_EVENT) == 0 ? List.of() : List.of(flip(call, userData, of)),
                List.of());
        Job _ = device.commit(next, request);
        return null;
    }

    /** Promises an event of a flip. */
    static Job.Flip flip(IoctlCall call, long userData, Crtc crtc) {
        EventReservation room = call.file().reserveEvent(Commits.EVENT_BYTES);
        return new Job.Flip(room, userData, crtc);
    }

    private static void requireFits(PlaneState shown, FrameBuffer fb) {
        PlaneState.Source source = shown.source();
        if (source.x() + source.width() > (long) fb.surface().width() << 16
                || source.y() + source.height() > (long) fb.surface().height() << 16) {
            throw new DrmException(Errno.ENOSPC, "The picture is smaller than what is shown");
        }
    }

    // Planes and cursors.

    private Job setPlane(IoctlCall call) {
        MemorySegment arg = call.arg();
        Plane plane = device.objects().require(Args.i32(arg, 0), Plane.class);
        State next = device.state().copy();
        if (Args.i32(arg, 8) == 0) {
            next.set(plane, PlaneState.off(next.of(plane).look()));
            return commit(next);
        }
        FrameBuffer fb = device.objects().require(Args.i32(arg, 8), FrameBuffer.class);
        Crtc crtc = device.objects().require(Args.i32(arg, 4), Crtc.class);
        long width = Args.u32(arg, 24);
        long height = Args.u32(arg, 28);
        if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw new DrmException(Errno.ERANGE, "The plane is too large");
        }
        PlaneState.Source source =
                new PlaneState.Source(Args.u32(arg, 32), Args.u32(arg, 36), Args.u32(arg, 44), Args.u32(arg, 40));
        next.set(
                plane,
                next.of(plane)
                        .withFb(fb)
                        .withCrtc(crtc)
                        .withPlace(Args.i32(arg, 16), Args.i32(arg, 20), width, height)
                        .withSource(source));
        return commit(next);
    }

    private @Nullable Job cursor(IoctlCall call) {
        MemorySegment arg = call.arg();
        int flags = Args.i32(arg, 0);
        if (flags == 0 || (flags & ~(CURSOR_BO | CURSOR_MOVE)) != 0) {
            throw new DrmException(Errno.EINVAL, "Flags are impossible");
        }
        Crtc crtc = device.objects().require(Args.i32(arg, 4), Crtc.class);
        Plane plane = device.layout().cursor(crtc);
        State next = device.state().copy();
        PlaneState state = next.of(plane);
        if ((flags & CURSOR_MOVE) != 0) {
            state = state.withPlace(Args.i32(arg, 8), Args.i32(arg, 12), state.width(), state.height());
        }
        if ((flags & CURSOR_BO) == 0) {
            return move(next, plane, crtc, state);
        }
        int handle = Args.i32(arg, 24);
        FrameBuffer made = null;
        if (handle == 0) {
            next.set(plane, state.withFb(null).withCrtc(null));
        } else {
            long width = Args.u32(arg, 16);
            long height = Args.u32(arg, 20);
            if (width > KmsDevice.MOST_SIDE || height > KmsDevice.MOST_SIDE) {
                throw new DrmException(Errno.EINVAL, "The cursor is too large");
            }
            made = FrameBufferIoctls.cursor(device, call.file(), handle, width, height);
            next.set(
                    plane,
                    state.withFb(made)
                            .withCrtc(crtc)
                            .withPlace(state.x(), state.y(), width, height)
                            .withSource(PlaneState.Source.ofPixels(0, 0, (int) width, (int) height)));
        }
        try {
            return commit(next);
        } catch (DrmException e) {
            if (made != null) {
                device.objects().remove(made);
                made.release();
            }
            throw e;
        }
    }

    /** Positions are taken at once, without regard to commits on their way. */
    private @Nullable Job move(State next, Plane plane, Crtc crtc, PlaneState state) {
        if (!next.of(crtc).active() || device.isPending(crtc)) {
            next.set(plane, state);
            return commit(next);
        }
        next.set(plane, state);
        device.moved(next);
        try {
            device.display().moveCursor(crtc.index(), state.x(), state.y());
        } catch (CoreException e) {
            throw DrmException.of(e);
        }
        return null;
    }

    // Gamma: kept, but not shown.

    private void gamma(IoctlCall call) {
        MemorySegment arg = call.arg();
        Crtc crtc = requireGamma(arg);
        Blob blob = device.state().of(crtc).gamma();
        for (int colour = 0; colour < 3; colour++) {
            MemorySegment out = Args.of(Crtc.GAMMA_ENTRIES * 2);
            for (int i = 0; i < Crtc.GAMMA_ENTRIES; i++) {
                int value = blob == null
                        ? i * 0x101
                        : Args.u16(MemorySegment.ofArray(blob.bytes()), (long) i * GAMMA_ENTRY_BYTES + 2L * colour);
                Args.put16(out, 2L * i, value);
            }
            call.user().copyOut(Args.i64(arg, 8 + 8L * colour), out);
        }
    }

    private Crtc requireGamma(MemorySegment arg) {
        Crtc crtc = device.objects().require(Args.i32(arg, 0), Crtc.class);
        requireGammaSize(arg);
        return crtc;
    }

    private static void requireGammaSize(MemorySegment arg) {
        if (Args.i32(arg, 4) != Crtc.GAMMA_ENTRIES) {
            throw new DrmException(Errno.EINVAL, "The table has another size");
        }
    }

    private Change setGamma(IoctlCall call) {
        MemorySegment arg = call.arg();
        requireGammaSize(arg);
        byte[] table = new byte[Crtc.GAMMA_ENTRIES * GAMMA_ENTRY_BYTES];
        for (int colour = 0; colour < 3; colour++) {
            MemorySegment in = Args.of(Crtc.GAMMA_ENTRIES * 2);
            call.user().copyIn(Args.i64(arg, 8 + 8L * colour), in);
            for (int i = 0; i < Crtc.GAMMA_ENTRIES; i++) {
                Args.put16(
                        MemorySegment.ofArray(table), (long) i * GAMMA_ENTRY_BYTES + 2L * colour, Args.u16(in, 2L * i));
            }
        }
        return one -> setGamma(one, table);
    }

    private Job setGamma(IoctlCall call, byte[] table) {
        Crtc crtc = requireGamma(call.arg());
        State next = device.state().copy();
        next.set(crtc, next.of(crtc).withGamma(device.add(new Blob(table, null))));
        return commit(next);
    }
}
