package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuSurface;
import dev.nacre.core.VgpuType;
import dev.nacre.core.VgpuUsage;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.UUID;

/** Structures of virtual GPUs as their records, and back. */
final class VgpuStructs {
    static final long CLIENT = Abi.offset(Abi.VGPU_REQUEST, "client");
    static final long CHIDS = Abi.offset(Abi.VGPU_REQUEST, "chids");
    static final long FRAME_BUFFER = Abi.offset(Abi.VGPU_REQUEST, "frame_buffer");
    static final long HEAP = Abi.offset(Abi.VGPU_REQUEST, "heap");

    private static final long UUID_AT = Abi.offset(Abi.VGPU_REQUEST, "uuid");
    // A UUID is written from its highest byte on.
    private static final ValueLayout.OfLong UUID_HALF = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private VgpuStructs() {}

    /** {@code struct nacre_vgpu_type} of a type. What is too long is cut, and is still too long then. */
    static void set(VgpuType type, MemorySegment out) {
        setInt(out, Abi.VGPU_TYPE, "id", type.id());
        setInt(out, Abi.VGPU_TYPE, "max_instances", type.maxInstances());
        setInt(out, Abi.VGPU_TYPE, "heads", type.heads());
        setInt(out, Abi.VGPU_TYPE, "max_width", type.maxWidth());
        setInt(out, Abi.VGPU_TYPE, "max_height", type.maxHeight());
        setInt(out, Abi.VGPU_TYPE, "frame_rate_limit", type.frameRateLimit());
        setInt(out, Abi.VGPU_TYPE, "ecc", type.ecc() ? 1 : 0);
        setInt(out, Abi.VGPU_TYPE, "pci_device_id", type.pciDeviceId());
        setInt(out, Abi.VGPU_TYPE, "pci_subsystem_id", type.pciSubsystemId());
        setInt(out, Abi.VGPU_TYPE, "encoder_capacity", type.encoderCapacity());
        setLong(out, Abi.VGPU_TYPE, "fb_bytes", type.fbBytes());
        setLong(out, Abi.VGPU_TYPE, "heap_bytes", type.heapBytes());
        setLong(out, Abi.VGPU_TYPE, "fb_reservation_bytes", type.fbReservationBytes());
        setLong(out, Abi.VGPU_TYPE, "bar1_bytes", type.bar1Bytes());
        Numbers.setText(out, Abi.VGPU_TYPE, "name", type.name());
        Numbers.setText(out, Abi.VGPU_TYPE, "kind", type.kind());
        Numbers.setText(out, Abi.VGPU_TYPE, "licenses", type.licenses());
    }

    /** The type of a {@code struct nacre_vgpu_type}. */
    static VgpuType type(MemorySegment in) {
        return new VgpuType(
                intAt(in, Abi.VGPU_TYPE, "id"),
                Numbers.text(in, Abi.VGPU_TYPE, "name"),
                Numbers.text(in, Abi.VGPU_TYPE, "kind"),
                Numbers.text(in, Abi.VGPU_TYPE, "licenses"),
                intAt(in, Abi.VGPU_TYPE, "max_instances"),
                intAt(in, Abi.VGPU_TYPE, "heads"),
                intAt(in, Abi.VGPU_TYPE, "max_width"),
                intAt(in, Abi.VGPU_TYPE, "max_height"),
                intAt(in, Abi.VGPU_TYPE, "frame_rate_limit"),
                intAt(in, Abi.VGPU_TYPE, "ecc") != 0,
                intAt(in, Abi.VGPU_TYPE, "pci_device_id"),
                intAt(in, Abi.VGPU_TYPE, "pci_subsystem_id"),
                longAt(in, Abi.VGPU_TYPE, "fb_bytes"),
                longAt(in, Abi.VGPU_TYPE, "heap_bytes"),
                longAt(in, Abi.VGPU_TYPE, "fb_reservation_bytes"),
                longAt(in, Abi.VGPU_TYPE, "bar1_bytes"),
                intAt(in, Abi.VGPU_TYPE, "encoder_capacity"));
    }

    /** {@code struct nacre_vgpu_request} of a request, but for the handles of its parts. */
    static void set(VgpuRequest request, MemorySegment out) {
        out.set(JAVA_INT, Abi.SIZE, (int) Abi.VGPU_REQUEST.byteSize());
        setInt(out, Abi.VGPU_REQUEST, "vf_index", request.vfIndex());
        setInt(out, Abi.VGPU_REQUEST, "pci_address", request.pciAddress());
        setInt(out, Abi.VGPU_REQUEST, "type_id", request.typeId());
        setInt(out, Abi.VGPU_REQUEST, "process_id", request.processId());
        out.set(UUID_HALF, UUID_AT, request.uuid().getMostSignificantBits());
        out.set(UUID_HALF, UUID_AT + Long.BYTES, request.uuid().getLeastSignificantBits());
    }

    /** The id of a {@code struct nacre_vgpu_request}. */
    static UUID uuid(MemorySegment in) {
        return new UUID(in.get(UUID_HALF, UUID_AT), in.get(UUID_HALF, UUID_AT + Long.BYTES));
    }

    /** {@code struct nacre_vgpu_guest_info} of what a guest has told. */
    static void set(VgpuGuestInfo info, MemorySegment out) {
        setInt(out, Abi.VGPU_GUEST_INFO, "driver_loaded", info.driverLoaded() ? 1 : 0);
        setInt(out, Abi.VGPU_GUEST_INFO, "reserved", 0);
        setLong(out, Abi.VGPU_GUEST_INFO, "boot_count", info.bootCount());
        Numbers.setText(out, Abi.VGPU_GUEST_INFO, "driver_version", info.driverVersion());
    }

    /** What a guest has told, of a {@code struct nacre_vgpu_guest_info}. */
    static VgpuGuestInfo guestInfo(MemorySegment in) {
        return new VgpuGuestInfo(
                intAt(in, Abi.VGPU_GUEST_INFO, "driver_loaded") != 0,
                Numbers.text(in, Abi.VGPU_GUEST_INFO, "driver_version"),
                longAt(in, Abi.VGPU_GUEST_INFO, "boot_count"));
    }

    /** {@code struct nacre_vgpu_surface} of what a head shows. */
    static void set(VgpuSurface surface, MemorySegment out) {
        setInt(out, Abi.VGPU_SURFACE, "head", surface.head());
        setInt(out, Abi.VGPU_SURFACE, "width", surface.width());
        setInt(out, Abi.VGPU_SURFACE, "height", surface.height());
        setInt(out, Abi.VGPU_SURFACE, "pitch_bytes", surface.pitchBytes());
        setLong(out, Abi.VGPU_SURFACE, "offset", surface.offset());
        setLong(out, Abi.VGPU_SURFACE, "bytes", surface.bytes());
        setInt(out, Abi.VGPU_SURFACE, "format", surface.format());
        setInt(out, Abi.VGPU_SURFACE, "block_linear", surface.blockLinear() ? 1 : 0);
        setInt(out, Abi.VGPU_SURFACE, "block_height", surface.blockHeight());
        setInt(out, Abi.VGPU_SURFACE, "reserved", 0);
    }

    /** What a head shows, of a {@code struct nacre_vgpu_surface}. */
    static VgpuSurface surface(MemorySegment in) {
        return new VgpuSurface(
                intAt(in, Abi.VGPU_SURFACE, "head"),
                intAt(in, Abi.VGPU_SURFACE, "width"),
                intAt(in, Abi.VGPU_SURFACE, "height"),
                intAt(in, Abi.VGPU_SURFACE, "pitch_bytes"),
                longAt(in, Abi.VGPU_SURFACE, "offset"),
                longAt(in, Abi.VGPU_SURFACE, "bytes"),
                intAt(in, Abi.VGPU_SURFACE, "format"),
                intAt(in, Abi.VGPU_SURFACE, "block_linear") != 0,
                intAt(in, Abi.VGPU_SURFACE, "block_height"));
    }

    /** {@code struct nacre_vgpu_usage} of what a virtual GPU uses. */
    static void set(VgpuUsage usage, MemorySegment out) {
        setLong(out, Abi.VGPU_USAGE, "fb_bytes", usage.fbBytes());
        setInt(out, Abi.VGPU_USAGE, "graphics", usage.graphics());
        setInt(out, Abi.VGPU_USAGE, "copy", usage.copy());
        setInt(out, Abi.VGPU_USAGE, "encoder", usage.encoder());
        setInt(out, Abi.VGPU_USAGE, "decoder", usage.decoder());
    }

    /** What a virtual GPU uses, of a {@code struct nacre_vgpu_usage}. */
    static VgpuUsage usage(MemorySegment in) {
        return new VgpuUsage(
                longAt(in, Abi.VGPU_USAGE, "fb_bytes"),
                intAt(in, Abi.VGPU_USAGE, "graphics"),
                intAt(in, Abi.VGPU_USAGE, "copy"),
                intAt(in, Abi.VGPU_USAGE, "encoder"),
                intAt(in, Abi.VGPU_USAGE, "decoder"));
    }

    static int intAt(MemorySegment in, MemoryLayout struct, String field) {
        return in.get(JAVA_INT, Abi.offset(struct, field));
    }

    private static long longAt(MemorySegment in, MemoryLayout struct, String field) {
        return in.get(JAVA_LONG, Abi.offset(struct, field));
    }

    private static void setInt(MemorySegment out, MemoryLayout struct, String field, int value) {
        out.set(JAVA_INT, Abi.offset(struct, field), value);
    }

    private static void setLong(MemorySegment out, MemoryLayout struct, String field, long value) {
        out.set(JAVA_LONG, Abi.offset(struct, field), value);
    }
}
