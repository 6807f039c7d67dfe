package dev.nacre.drm.kms;

import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Changes a state by values of properties. With the display's lock. HW: the errors are drm_atomic_uapi.c's. */
final class PropertyChange {
    private static final int GAMMA_ENTRY_BYTES = 8;

    private final KmsDevice device;
    private final State state;

    PropertyChange(KmsDevice device, State state) {
        this.device = device;
        this.state = state;
    }

    /**
     * Sets a property of an object.
     *
     * @throws DrmException with EINVAL if that is impossible
     */
    void set(ModeObject object, Property property, long value) {
        if (property.isImmutable() || !property.admits(value)) {
            throw new DrmException(Errno.EINVAL, property.key().label() + " cannot be " + value);
        }
        switch (object) {
            case Plane plane -> set(plane, property.key(), value);
            case Crtc crtc -> set(crtc, property.key(), value);
            case Connector connector -> set(connector, property.key(), value);
            default -> throw new DrmException(Errno.ENOENT, "The object has no properties");
        }
    }

    private <T extends ModeObject> @Nullable T object(long id, Class<T> type) {
        if (id == 0) {
            return null;
        }
        T object = id == (int) id ? device.objects().find((int) id, type) : null;
        if (object == null) {
            throw new DrmException(Errno.EINVAL, "No such " + type.getSimpleName() + ": id=" + id);
        }
        return object;
    }

    private void set(Plane plane, Prop prop, long value) {
        PlaneState now = state.of(plane);
        PlaneState.Source source = now.source();
        PlaneState.Look look = now.look();
        PlaneState next = switch (prop) {
            case FB_ID -> now.withFb(object(value, FrameBuffer.class));
            case CRTC_ID -> now.withCrtc(object(value, Crtc.class));
            case CRTC_X -> now.withPlace((int) value, now.y(), now.width(), now.height());
            case CRTC_Y -> now.withPlace(now.x(), (int) value, now.width(), now.height());
            case CRTC_W -> now.withPlace(now.x(), now.y(), value, now.height());
            case CRTC_H -> now.withPlace(now.x(), now.y(), now.width(), value);
            case SRC_X -> now.withSource(new PlaneState.Source(value, source.y(), source.width(), source.height()));
            case SRC_Y -> now.withSource(new PlaneState.Source(source.x(), value, source.width(), source.height()));
            case SRC_W -> now.withSource(new PlaneState.Source(source.x(), source.y(), value, source.height()));
            case SRC_H -> now.withSource(new PlaneState.Source(source.x(), source.y(), source.width(), value));
            case ZPOS -> now.withLook(new PlaneState.Look(value, look.alpha(), look.blend()));
            case ALPHA -> now.withLook(new PlaneState.Look(look.zpos(), value, look.blend()));
            case BLEND -> now.withLook(new PlaneState.Look(look.zpos(), look.alpha(), value));
            default -> throw new DrmException(Errno.EINVAL, prop.label());
        };
        state.set(plane, next);
    }

    private void set(Crtc crtc, Prop prop, long value) {
        CrtcState now = state.of(crtc);
        CrtcState next = switch (prop) {
            case ACTIVE -> now.withActive(value != 0);
            case MODE_ID -> withMode(now, object(value, Blob.class));
            case GAMMA_LUT -> now.withGamma(gamma(object(value, Blob.class)));
            default -> throw new DrmException(Errno.EINVAL, prop.label());
        };
        state.set(crtc, next);
    }

    private static CrtcState withMode(CrtcState now, @Nullable Blob blob) {
        if (blob == null) {
            return now.withMode(null, null);
        }
        if (blob.bytes().length != ModeInfo.BYTES) {
            throw new DrmException(Errno.EINVAL, "Not a mode: bytes=" + blob.bytes().length);
        }
        ModeInfo mode = ModeInfo.read(MemorySegment.ofArray(blob.bytes()), 0)
                .orElseThrow(() -> new DrmException(Errno.EINVAL, "No head scans so"));
        return now.withMode(mode, blob);
    }

    private static @Nullable Blob gamma(@Nullable Blob blob) {
        if (blob != null && blob.bytes().length != Crtc.GAMMA_ENTRIES * GAMMA_ENTRY_BYTES) {
            throw new DrmException(Errno.EINVAL, "Not a gamma table: bytes=" + blob.bytes().length);
        }
        return blob;
    }

    private void set(Connector connector, Prop prop, long value) {
        switch (prop) {
            case CRTC_ID -> state.set(connector, object(value, Crtc.class));
            case LINK_STATUS -> {
                // Links here are always good.
            }
            default -> throw new DrmException(Errno.EINVAL, prop.label());
        }
    }

    /** Sets the property that says whether a connector's monitor is on; 0 is on. */
    void dpms(Connector connector, long value) {
        Crtc crtc = state.of(connector);
        if (crtc != null) {
            state.set(crtc, state.of(crtc).withActive(value == 0));
        }
    }
}
