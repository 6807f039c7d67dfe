package dev.nacre.drm.kms;

import dev.nacre.core.Display;
import dev.nacre.core.DisplayConnector;
import org.jspecify.annotations.Nullable;

/** A connector, and the monitor that was there when somebody last looked. Guarded by the display's lock. */
final class Connector extends ModeObject {
    private final DisplayConnector of;
    private final Encoder encoder;
    private final int typeId;
    private byte[] edid = new byte[0];
    private MonitorModes modes = new MonitorModes(edid);
    private @Nullable Blob blob;
    private boolean known;

    /**
     * A connector.
     *
     * @param typeId which of its kind, from 1
     */
    Connector(DisplayConnector of, Encoder encoder, int typeId) {
        super(ObjectType.CONNECTOR);
        this.of = of;
        this.encoder = encoder;
        this.typeId = typeId;
    }

    DisplayConnector of() {
        return of;
    }

    Encoder encoder() {
        return encoder;
    }

    int typeId() {
        return typeId;
    }

    // HW: DRM_MODE_CONNECTOR_* of drm_mode.h
    int kind() {
        return switch (of.type()) {
            case VGA -> 1;
            case DVI_I -> 2;
            case DVI_D -> 3;
            case DISPLAY_PORT -> 10;
            case HDMI_A -> 11;
            case EMBEDDED_DISPLAY_PORT -> 14;
            case OTHER -> 0;
        };
    }

    boolean isConnected() {
        return edid.length > 0;
    }

    MonitorModes modes() {
        return modes;
    }

    /** The EDID; null without a monitor. */
    @Nullable
    Blob blob() {
        return blob;
    }

    /** Monitors have come or gone. */
    void forget() {
        known = false;
    }

    /** Looks what is there, if that is not known. */
    void probe(Display display, ObjectTable objects) {
        if (known) {
            return;
        }
        edid = display.edid(of.index());
        modes = new MonitorModes(edid);
        if (blob != null) {
            objects.remove(blob);
            blob = null;
        }
        if (edid.length > 0) {
            blob = objects.add(new Blob(edid, null));
        }
        known = true;
    }
}
