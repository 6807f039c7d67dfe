package dev.nacre.drm.kms;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The properties that there are. */
// HW: drm_mode_config.c, drm_connector.c, drm_blend.c, drm_plane.c: names, kinds and values
enum Prop {
    EDID("EDID", Property.BLOB | Property.IMMUTABLE),
    DPMS("DPMS", Property.ENUM, "On", "Standby", "Suspend", "Off"),
    LINK_STATUS("link-status", Property.ENUM, "Good", "Bad"),
    NON_DESKTOP("non-desktop", Property.RANGE | Property.IMMUTABLE, 0, 1),
    TILE("TILE", Property.BLOB | Property.IMMUTABLE),
    PLANE_TYPE("type", Property.ENUM | Property.IMMUTABLE, "Overlay", "Primary", "Cursor"),
    SRC_X("SRC_X", Property.RANGE | Property.ATOMIC, 0, 0xffff_ffffL),
    SRC_Y("SRC_Y", Property.RANGE | Property.ATOMIC, 0, 0xffff_ffffL),
    SRC_W("SRC_W", Property.RANGE | Property.ATOMIC, 0, 0xffff_ffffL),
    SRC_H("SRC_H", Property.RANGE | Property.ATOMIC, 0, 0xffff_ffffL),
    CRTC_X("CRTC_X", Property.SIGNED_RANGE | Property.ATOMIC, Integer.MIN_VALUE, Integer.MAX_VALUE),
    CRTC_Y("CRTC_Y", Property.SIGNED_RANGE | Property.ATOMIC, Integer.MIN_VALUE, Integer.MAX_VALUE),
    CRTC_W("CRTC_W", Property.RANGE | Property.ATOMIC, 0, Integer.MAX_VALUE),
    CRTC_H("CRTC_H", Property.RANGE | Property.ATOMIC, 0, Integer.MAX_VALUE),
    FB_ID("FB_ID", Property.OBJECT | Property.ATOMIC, 0xfbfb_fbfbL),
    IN_FENCE_FD("IN_FENCE_FD", Property.SIGNED_RANGE | Property.ATOMIC, -1, Integer.MAX_VALUE),
    OUT_FENCE_PTR("OUT_FENCE_PTR", Property.RANGE | Property.ATOMIC, 0, -1),
    CRTC_ID("CRTC_ID", Property.OBJECT | Property.ATOMIC, 0xcccc_ccccL),
    ACTIVE("ACTIVE", Property.RANGE | Property.ATOMIC, 0, 1),
    MODE_ID("MODE_ID", Property.BLOB | Property.ATOMIC),
    GAMMA_LUT("GAMMA_LUT", Property.BLOB),
    GAMMA_LUT_SIZE("GAMMA_LUT_SIZE", Property.RANGE | Property.IMMUTABLE, 0, 0xffff_ffffL),
    IN_FORMATS("IN_FORMATS", Property.BLOB | Property.IMMUTABLE),
    ZPOS("zpos", Property.RANGE, 0, 254),
    ZPOS_FIXED("zpos", Property.RANGE | Property.IMMUTABLE, 255, 255),
    ALPHA("alpha", Property.RANGE, 0, 0xffff),
    BLEND("pixel blend mode", Property.ENUM, "Pre-multiplied", "Coverage", "None");

    private final String label;
    private final int flags;
    // Unmodifiable, as the checker cannot see.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Long> bounds;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Name> names;

    /**
     * A value with a name.
     *
     * @param value it
     * @param name its name
     */
    record Name(long value, String name) {}

    Prop(String label, int flags) {
        this.label = label;
        this.flags = flags;
        this.bounds = List.of();
        this.names = List.of();
    }

    Prop(String label, int flags, long... bounds) {
        this.label = label;
        this.flags = flags;
        this.bounds = Arrays.stream(bounds).boxed().toList();
        this.names = List.of();
    }

    Prop(String label, int flags, String... names) {
        this.label = label;
        this.flags = flags;
        this.bounds = List.of();
        this.names = IntStream.range(0, names.length)
                .mapToObj(i -> new Name(i, names[i]))
                .toList();
    }

    String label() {
        return label;
    }

    int flags() {
        return flags;
    }

    /** Least and most of a range, or the kind of objects. */
    List<Long> bounds() {
        return bounds;
    }

    List<Name> names() {
        return names;
    }
}
