package dev.nacre.drm.kms;

import dev.nacre.drm.ClientCap;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/** What there is: resources, heads, encoders, connectors, planes. HW: structures of {@code drm_mode.h}. */
final class ResourceIoctls {
    private static final int CONNECTED = 1;
    private static final int DISCONNECTED = 2;
    private static final int SUBPIXEL_UNKNOWN = 1;

    private final KmsDevice device;

    ResourceIoctls(KmsDevice device) {
        this.device = device;
    }

    List<Ioctl> ioctls() {
        return List.of(
                ioctl(0xa0, "DRM_IOCTL_MODE_GETRESOURCES", 64, this::resources),
                ioctl(0xa1, "DRM_IOCTL_MODE_GETCRTC", 104, this::crtc),
                ioctl(0xa6, "DRM_IOCTL_MODE_GETENCODER", 20, this::encoder),
                ioctl(0xa7, "DRM_IOCTL_MODE_GETCONNECTOR", 80, this::connector),
                ioctl(0xb5, "DRM_IOCTL_MODE_GETPLANERESOURCES", 16, this::planes),
                ioctl(0xb6, "DRM_IOCTL_MODE_GETPLANE", 32, this::plane));
    }

    private Ioctl ioctl(int nr, String name, int bytes, Ioctl.Handler handler) {
        return new Ioctl(nr, name, bytes, Set.of(), device.locked(handler));
    }

    /** Tells a list: its first numbers, as many as there is room for, and how many there are. */
    static void list(IoctlCall call, long pointerAt, long countAt, List<Integer> ids) {
        MemorySegment arg = call.arg();
        int room = Args.i32(arg, countAt);
        // GUEST: a count below zero is a large one.
        int told = (int) Math.min(Integer.toUnsignedLong(room), ids.size());
        if (told > 0) {
            MemorySegment out = Args.of(4 * told);
            for (int i = 0; i < told; i++) {
                Args.put32(out, 4L * i, ids.get(i));
            }
            call.user().copyOut(Args.i64(arg, pointerAt), out);
        }
        Args.put32(arg, countAt, ids.size());
    }

    private static List<Integer> ids(List<? extends ModeObject> of) {
        return of.stream().map(ModeObject::id).toList();
    }

    private void resources(IoctlCall call) {
        Layout layout = device.layout();
        list(call, 0, 32, ids(device.frameBuffersOf(call.file())));
        list(call, 8, 36, ids(layout.crtcs()));
        list(call, 16, 40, ids(layout.connectors()));
        list(
                call,
                24,
                44,
                ids(layout.connectors().stream().map(Connector::encoder).toList()));
        MemorySegment arg = call.arg();
        Args.put32(arg, 48, 0);
        Args.put32(arg, 52, KmsDevice.MOST_SIDE);
        Args.put32(arg, 56, 0);
        Args.put32(arg, 60, KmsDevice.MOST_SIDE);
    }

    private void crtc(IoctlCall call) {
        MemorySegment arg = call.arg();
        Crtc crtc = device.objects().require(Args.i32(arg, 12), Crtc.class);
        State state = device.state();
        PlaneState primary = state.of(device.layout().primary(crtc));
        FrameBuffer fb = primary.crtc() == crtc ? primary.fb() : null;
        Args.put32(arg, 16, fb == null ? 0 : fb.id());
        Args.put32(arg, 20, primary.source().x() >> 16);
        Args.put32(arg, 24, primary.source().y() >> 16);
        Args.put32(arg, 28, Crtc.GAMMA_ENTRIES);
        ModeInfo mode = state.of(crtc).mode();
        Args.put32(arg, 32, mode == null ? 0 : 1);
        arg.asSlice(36, ModeInfo.BYTES).fill((byte) 0);
        if (mode != null) {
            mode.write(arg, 36);
        }
    }

    private void encoder(IoctlCall call) {
        MemorySegment arg = call.arg();
        Encoder encoder = device.objects().require(Args.i32(arg, 0), Encoder.class);
        Connector connector = device.layout().connectors().stream()
                .filter(one -> one.encoder() == encoder)
                .findFirst()
                .orElseThrow(() -> new DrmException(Errno.ENOENT));
        Crtc crtc = device.state().of(connector);
        Args.put32(arg, 4, encoder.kind());
        Args.put32(arg, 8, crtc == null ? 0 : crtc.id());
        Args.put32(arg, 12, encoder.possibleCrtcs());
        Args.put32(arg, 16, 1L << connector.of().index());
    }

    private void connector(IoctlCall call) {
        MemorySegment arg = call.arg();
        Connector connector = device.objects().require(Args.i32(arg, 48), Connector.class);
        connector.probe(device.display(), device.objects());
        Crtc crtc = device.state().of(connector);
        MonitorModes monitor = connector.modes();
        Args.put32(arg, 44, crtc == null ? 0 : connector.encoder().id());
        Args.put32(arg, 52, connector.kind());
        Args.put32(arg, 56, connector.typeId());
        Args.put32(arg, 60, connector.isConnected() ? CONNECTED : DISCONNECTED);
        Args.put32(arg, 64, monitor.widthMm());
        Args.put32(arg, 68, monitor.heightMm());
        Args.put32(arg, 72, SUBPIXEL_UNKNOWN);
        Args.put32(arg, 76, 0);
        modes(call, monitor.modes());
        list(call, 0, 40, List.of(connector.encoder().id()));
        PropertyIoctls.tell(
                call, new PropertyIoctls.Places(16, 24, 36), new PropertyValues(device).of(connector, call.file()));
    }

    /** Modes are told all or not at all. */
    private static void modes(IoctlCall call, List<ModeInfo> modes) {
        MemorySegment arg = call.arg();
        if (!modes.isEmpty() && Args.u32(arg, 32) >= modes.size()) {
            MemorySegment out = Args.of(modes.size() * ModeInfo.BYTES);
            for (int i = 0; i < modes.size(); i++) {
                modes.get(i).write(out, (long) i * ModeInfo.BYTES);
            }
            call.user().copyOut(Args.i64(arg, 8), out);
        }
        Args.put32(arg, 32, modes.size());
    }

    private void planes(IoctlCall call) {
        boolean all = call.file().has(ClientCap.UNIVERSAL_PLANES) || call.file().has(ClientCap.ATOMIC);
        list(
                call,
                0,
                8,
                ids(device.layout().planes().stream()
                        .filter(plane -> all || plane.kind() == Plane.Kind.OVERLAY)
                        .toList()));
    }

    private void plane(IoctlCall call) {
        MemorySegment arg = call.arg();
        Plane plane = device.objects().require(Args.i32(arg, 0), Plane.class);
        PlaneState state = device.state().of(plane);
        Crtc crtc = state.crtc();
        FrameBuffer fb = state.fb();
        Args.put32(arg, 4, crtc == null ? 0 : crtc.id());
        Args.put32(arg, 8, fb == null ? 0 : fb.id());
        Args.put32(arg, 12, 1L << plane.head());
        Args.put32(arg, 16, 0);
        List<Integer> formats =
                plane.formats().stream().map(PixelFormat::fourcc).toList();
        if (Args.u32(arg, 20) >= formats.size()) {
            list(call, 24, 20, formats);
        }
        Args.put32(arg, 20, formats.size());
    }
}
