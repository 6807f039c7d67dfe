package dev.nacre.drm.kms;

import dev.nacre.drm.ClientCap;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of properties that objects have now. With the display's lock. */
final class PropertyValues {
    private static final int DPMS_OFF = 3;

    private final KmsDevice device;

    /**
     * A property and its value.
     *
     * @param property which
     * @param value as clients see it
     */
    record Value(Property property, long value) {}

    PropertyValues(KmsDevice device) {
        this.device = device;
    }

    /** Those of an object that a file's client is to see.
     *
     * @throws DrmException with EINVAL if the kind of object has none
     */
    List<Value> of(ModeObject object, DrmFile file) {
        List<Value> all = switch (object) {
            case Connector connector -> ofConnector(connector);
            case Crtc crtc -> ofCrtc(crtc);
            case Plane plane -> ofPlane(plane);
            default -> throw new DrmException(Errno.EINVAL, "The object has no properties");
        };
        boolean atomic = file.has(ClientCap.ATOMIC);
        return all.stream().filter(one -> atomic || !one.property.isAtomic()).toList();
    }

    private Value value(Prop prop, long value) {
        return new Value(device.layout().property(prop), value);
    }

    private static long id(@Nullable ModeObject object) {
        return object == null ? 0 : object.id();
    }

    private List<Value> ofConnector(Connector connector) {
        Crtc crtc = device.state().of(connector);
        boolean on = crtc != null && device.state().of(crtc).active();
        return List.of(
                value(Prop.EDID, id(connector.blob())),
                value(Prop.DPMS, on ? 0 : DPMS_OFF),
                value(Prop.LINK_STATUS, 0),
                value(Prop.NON_DESKTOP, 0),
                value(Prop.TILE, 0),
                value(Prop.CRTC_ID, id(crtc)));
    }

    private List<Value> ofCrtc(Crtc crtc) {
        CrtcState state = device.state().of(crtc);
        return List.of(
                value(Prop.ACTIVE, state.active() ? 1 : 0),
                value(Prop.MODE_ID, id(state.modeBlob())),
                value(Prop.OUT_FENCE_PTR, 0),
                value(Prop.GAMMA_LUT, id(state.gamma())),
                value(Prop.GAMMA_LUT_SIZE, Crtc.GAMMA_ENTRIES));
    }

    private List<Value> ofPlane(Plane plane) {
        PlaneState state = device.state().of(plane);
        List<Value> all = new ArrayList<>(List.of(
                value(Prop.PLANE_TYPE, plane.kind().number()),
                value(Prop.FB_ID, id(state.fb())),
                value(Prop.IN_FENCE_FD, -1),
                value(Prop.CRTC_ID, id(state.crtc())),
                value(Prop.CRTC_X, state.x()),
                value(Prop.CRTC_Y, state.y()),
                value(Prop.CRTC_W, state.width()),
                value(Prop.CRTC_H, state.height()),
                value(Prop.SRC_X, state.source().x()),
                value(Prop.SRC_Y, state.source().y()),
                value(Prop.SRC_W, state.source().width()),
                value(Prop.SRC_H, state.source().height()),
                value(Prop.IN_FORMATS, device.layout().formats(plane).id())));
        if (plane.kind() == Plane.Kind.CURSOR) {
            all.add(value(Prop.ZPOS_FIXED, state.look().zpos()));
        } else {
            all.add(value(Prop.ZPOS, state.look().zpos()));
            all.add(value(Prop.ALPHA, state.look().alpha()));
            all.add(value(Prop.BLEND, state.look().blend()));
        }
        return all;
    }

    /** @throws DrmException with ENOENT if an object has no such property */
    Property require(ModeObject object, int id) {
        List<Value> all = switch (object) {
            case Connector connector -> ofConnector(connector);
            case Crtc crtc -> ofCrtc(crtc);
            case Plane plane -> ofPlane(plane);
            default -> List.of();
        };
        return all.stream()
                .map(Value::property)
                .filter(property -> property.id() == id)
                .findFirst()
                .orElseThrow(() -> new DrmException(Errno.ENOENT, "The object has no such property"));
    }
}
