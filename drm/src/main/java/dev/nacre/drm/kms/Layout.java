package dev.nacre.drm.kms;

import dev.nacre.core.Display;
import dev.nacre.core.DisplayConnector;
import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The objects of a display that never come or go: properties, planes, heads, encoders, connectors. */
final class Layout {
    private final ObjectTable objects;
    private final int windowsPerHead;
    private final Map<Prop, Property> properties = new EnumMap<>(Prop.class);
    private final List<Plane> planes = new ArrayList<>();
    private final List<Crtc> crtcs = new ArrayList<>();
    private final List<Connector> connectors = new ArrayList<>();
    private final Map<Plane, Blob> formats = new HashMap<>();

    /** Makes those of a display, in the order in which drivers do. */
    Layout(Display display, ObjectTable objects) {
        this.objects = objects;
        this.windowsPerHead = display.windowsPerHead();
        for (Prop prop : Prop.values()) {
            properties.put(prop, objects.add(new Property(prop)));
        }
        for (int head = 0; head < display.heads(); head++) {
            for (int window = 0; window < windowsPerHead; window++) {
                add(window == 0 ? Plane.Kind.PRIMARY : Plane.Kind.OVERLAY, head, window);
            }
            add(Plane.Kind.CURSOR, head, 0);
            crtcs.add(objects.add(new Crtc(head)));
        }
        Map<DisplayConnector.Type, Integer> count = new EnumMap<>(DisplayConnector.Type.class);
        for (DisplayConnector of : display.connectors()) {
            Encoder encoder = objects.add(new Encoder(of));
            int typeId = count.merge(of.type(), 1, Integer::sum);
            connectors.add(objects.add(new Connector(of, encoder, typeId)));
        }
    }

    private void add(Plane.Kind kind, int head, int window) {
        Plane plane = objects.add(new Plane(kind, planes.size(), head, window));
        planes.add(plane);
        formats.put(plane, objects.add(new Blob(formatBlob(plane), null)));
    }

    // HW: struct drm_format_modifier_blob and drm_format_modifier of drm_mode.h
    private static byte[] formatBlob(Plane plane) {
        int header = 24;
        int modifierBytes = 24;
        int formatCount = plane.formats().size();
        int modifiersAt = (header + 4 * formatCount + 7) / 8 * 8;
        int modifierCount = plane.modifiers().size();
        byte[] bytes = new byte[modifiersAt + modifierCount * modifierBytes];
        MemorySegment blob = MemorySegment.ofArray(bytes);
        Args.put32(blob, 0, 1);
        Args.put32(blob, 8, formatCount);
        Args.put32(blob, 12, header);
        Args.put32(blob, 16, modifierCount);
        Args.put32(blob, 20, modifiersAt);
        for (int i = 0; i < formatCount; i++) {
            Args.put32(blob, header + 4L * i, plane.formats().get(i).fourcc());
        }
        for (int i = 0; i < modifierCount; i++) {
            long at = modifiersAt + (long) i * modifierBytes;
            Args.put64(blob, at, (1L << formatCount) - 1);
            Args.put64(blob, at + 16, plane.modifiers().get(i));
        }
        return bytes;
    }

    int windowsPerHead() {
        return windowsPerHead;
    }

    List<Plane> planes() {
        return planes;
    }

    List<Crtc> crtcs() {
        return crtcs;
    }

    List<Connector> connectors() {
        return connectors;
    }

    Property property(Prop key) {
        Property property = properties.get(key);
        if (property == null) {
            throw new DrmException(Errno.ENOENT, "No such property: " + key);
        }
        return property;
    }

    /** A plane's formats and modifiers. */
    Blob formats(Plane plane) {
        Blob blob = formats.get(plane);
        if (blob == null) {
            throw new DrmException(Errno.ENOENT, "No such plane");
        }
        return blob;
    }

    Plane primary(Crtc crtc) {
        return plane(crtc, Plane.Kind.PRIMARY);
    }

    Plane cursor(Crtc crtc) {
        return plane(crtc, Plane.Kind.CURSOR);
    }

    private Plane plane(Crtc crtc, Plane.Kind kind) {
        return planes.stream()
                .filter(plane -> plane.head() == crtc.index() && plane.kind() == kind)
                .findFirst()
                .orElseThrow(() -> new DrmException(Errno.EINVAL, "The head has no such plane"));
    }
}
