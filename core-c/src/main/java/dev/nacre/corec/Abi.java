package dev.nacre.corec;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Structures and numbers of {@code nacre_core.h}, under their C names. A test compares all of them with the header. The
 * numbers of errors, capabilities, events and the other enumerations are those of their Java types.
 */
final class Abi {
    /** NACRE_CORE_VERSION. */
    static final int VERSION = 1;

    /** NACRE_MAX_FB_REGIONS. */
    static final int MAX_FB_REGIONS = 16;

    /** NACRE_MAX_ENGINE_CLASSES. */
    static final int MAX_ENGINE_CLASSES = 8;

    /** Bytes of a log's name, with the 0 that ends it. */
    static final int LOG_NAME_BYTES = 32;

    static final StructLayout EVENT = structLayout(
                    JAVA_INT.withName("kind"),
                    JAVA_INT.withName("channel_id"),
                    JAVA_INT.withName("num_vfs"),
                    JAVA_INT.withName("fault_cause"),
                    JAVA_LONG.withName("fault_address"),
                    JAVA_INT.withName("has_fault_address"),
                    JAVA_INT.withName("vf_index"),
                    JAVA_INT.withName("notify_index"),
                    JAVA_INT.withName("reserved"))
            .withName("nacre_event");

    static final StructLayout CLIENT = structLayout(
                    JAVA_INT.withName("size"),
                    JAVA_INT.withName("kind"),
                    JAVA_INT.withName("oldest_version"),
                    JAVA_INT.withName("newest_version"),
                    JAVA_LONG.withName("required"),
                    ADDRESS.withName("name"),
                    ADDRESS.withName("on_event"),
                    JAVA_LONG.withName("context"))
            .withName("nacre_client");

    static final StructLayout FB_REGION = structLayout(JAVA_LONG.withName("offset"), JAVA_LONG.withName("bytes"))
            .withName("nacre_fb_region");

    static final StructLayout BOARD_INFO = structLayout(
                    JAVA_INT.withName("size"),
                    JAVA_INT.withName("ecc"),
                    sequenceLayout(16, JAVA_BYTE).withName("chip"),
                    sequenceLayout(64, JAVA_BYTE).withName("name"),
                    sequenceLayout(48, JAVA_BYTE).withName("uuid"),
                    sequenceLayout(32, JAVA_BYTE).withName("firmware"),
                    JAVA_LONG.withName("fb_bytes"),
                    JAVA_LONG.withName("bar1_bytes"),
                    JAVA_LONG.withName("vmmu_segment_bytes"),
                    JAVA_INT.withName("channels"),
                    JAVA_INT.withName("vgpu_channels"),
                    JAVA_INT.withName("fb_region_count"),
                    JAVA_INT.withName("reserved"),
                    sequenceLayout(MAX_FB_REGIONS, FB_REGION).withName("fb_regions"),
                    JAVA_INT.withName("pci_id"),
                    JAVA_INT.withName("pci_subsystem"),
                    JAVA_INT.withName("pci_class"),
                    JAVA_INT.withName("chipset"),
                    JAVA_INT.withName("chip_revision"),
                    JAVA_INT.withName("gpcs"),
                    JAVA_INT.withName("tpcs"),
                    JAVA_INT.withName("reserved2"))
            .withName("nacre_board_info");

    static final StructLayout ENGINE = structLayout(
                    JAVA_INT.withName("type"),
                    JAVA_INT.withName("instance"),
                    JAVA_INT.withName("bit"),
                    JAVA_INT.withName("class_count"),
                    sequenceLayout(MAX_ENGINE_CLASSES, JAVA_INT).withName("classes"))
            .withName("nacre_engine");

    static final StructLayout FB_REQUEST = structLayout(
                    JAVA_LONG.withName("bytes"),
                    JAVA_LONG.withName("align_bytes"),
                    JAVA_LONG.withName("fixed_offset"),
                    JAVA_INT.withName("has_fixed_offset"),
                    JAVA_INT.withName("reserved"))
            .withName("nacre_fb_request");

    static final StructLayout FB_MEM_INFO = structLayout(JAVA_LONG.withName("offset"), JAVA_LONG.withName("bytes"))
            .withName("nacre_fb_mem_info");

    static final StructLayout MAP_REQUEST = structLayout(
                    JAVA_LONG.withName("offset"),
                    JAVA_LONG.withName("bytes"),
                    JAVA_INT.withName("huge_pages"),
                    JAVA_INT.withName("compressible"))
            .withName("nacre_map_request");

    static final StructLayout CHANNEL_INFO = structLayout(JAVA_INT.withName("id"), JAVA_INT.withName("engine_object"))
            .withName("nacre_channel_info");

    static final StructLayout BIND_REQUEST = structLayout(
                    JAVA_LONG.withName("address"),
                    JAVA_LONG.withName("memory"),
                    JAVA_LONG.withName("offset"),
                    JAVA_LONG.withName("bytes"),
                    JAVA_INT.withName("writable"),
                    JAVA_INT.withName("page_kind"))
            .withName("nacre_bind_request");

    static final StructLayout PUSH = structLayout(
                    JAVA_LONG.withName("address"), JAVA_INT.withName("bytes"), JAVA_INT.withName("reserved"))
            .withName("nacre_push");

    static final StructLayout VGPU_TYPE = structLayout(
                    JAVA_INT.withName("id"),
                    JAVA_INT.withName("max_instances"),
                    JAVA_INT.withName("heads"),
                    JAVA_INT.withName("max_width"),
                    JAVA_INT.withName("max_height"),
                    JAVA_INT.withName("frame_rate_limit"),
                    JAVA_INT.withName("ecc"),
                    JAVA_INT.withName("pci_device_id"),
                    JAVA_INT.withName("pci_subsystem_id"),
                    JAVA_INT.withName("encoder_capacity"),
                    JAVA_LONG.withName("fb_bytes"),
                    JAVA_LONG.withName("heap_bytes"),
                    JAVA_LONG.withName("fb_reservation_bytes"),
                    JAVA_LONG.withName("bar1_bytes"),
                    sequenceLayout(64, JAVA_BYTE).withName("name"),
                    sequenceLayout(64, JAVA_BYTE).withName("kind"),
                    sequenceLayout(256, JAVA_BYTE).withName("licenses"))
            .withName("nacre_vgpu_type");

    static final StructLayout VGPU_REQUEST = structLayout(
                    JAVA_INT.withName("size"),
                    JAVA_INT.withName("vf_index"),
                    JAVA_INT.withName("pci_address"),
                    JAVA_INT.withName("type_id"),
                    JAVA_INT.withName("process_id"),
                    JAVA_INT.withName("reserved"),
                    sequenceLayout(16, JAVA_BYTE).withName("uuid"),
                    JAVA_LONG.withName("client"),
                    JAVA_LONG.withName("chids"),
                    JAVA_LONG.withName("frame_buffer"),
                    JAVA_LONG.withName("heap"))
            .withName("nacre_vgpu_request");

    static final StructLayout VGPU_GUEST_INFO = structLayout(
                    JAVA_INT.withName("driver_loaded"),
                    JAVA_INT.withName("reserved"),
                    JAVA_LONG.withName("boot_count"),
                    sequenceLayout(64, JAVA_BYTE).withName("driver_version"))
            .withName("nacre_vgpu_guest_info");

    static final StructLayout VGPU_SURFACE = structLayout(
                    JAVA_INT.withName("head"),
                    JAVA_INT.withName("width"),
                    JAVA_INT.withName("height"),
                    JAVA_INT.withName("pitch_bytes"),
                    JAVA_LONG.withName("offset"),
                    JAVA_LONG.withName("bytes"),
                    JAVA_INT.withName("format"),
                    JAVA_INT.withName("block_linear"),
                    JAVA_INT.withName("block_height"),
                    JAVA_INT.withName("reserved"))
            .withName("nacre_vgpu_surface");

    static final StructLayout VGPU_USAGE = structLayout(
                    JAVA_LONG.withName("fb_bytes"),
                    JAVA_INT.withName("graphics"),
                    JAVA_INT.withName("copy"),
                    JAVA_INT.withName("encoder"),
                    JAVA_INT.withName("decoder"))
            .withName("nacre_vgpu_usage");

    static final StructLayout CORE_OPS = coreOps();

    static final StructLayout PLATFORM = platform();

    static final StructLayout CORE_CONFIG = structLayout(
                    JAVA_INT.withName("size"),
                    JAVA_INT.withName("vgpu"),
                    JAVA_INT.withName("vgpu_channels"),
                    JAVA_INT.withName("vgpu_policy"),
                    JAVA_INT.withName("vgpu_slice_ms"),
                    JAVA_INT.withName("reserved"))
            .withName("nacre_core_config");

    /** All structures, for the test that compares them with the header. */
    static final List<StructLayout> STRUCTS = List.of(
            EVENT,
            CLIENT,
            FB_REGION,
            BOARD_INFO,
            ENGINE,
            FB_REQUEST,
            FB_MEM_INFO,
            MAP_REQUEST,
            CHANNEL_INFO,
            BIND_REQUEST,
            PUSH,
            VGPU_TYPE,
            VGPU_REQUEST,
            VGPU_GUEST_INFO,
            VGPU_SURFACE,
            VGPU_USAGE,
            CORE_OPS,
            PLATFORM,
            CORE_CONFIG);

    /** Where the size of a table or structure is that has one. */
    static final long SIZE = 0;

    static final long EVENT_KIND = offset(EVENT, "kind");
    static final long EVENT_CHANNEL_ID = offset(EVENT, "channel_id");
    static final long EVENT_NUM_VFS = offset(EVENT, "num_vfs");
    static final long EVENT_FAULT_CAUSE = offset(EVENT, "fault_cause");
    static final long EVENT_FAULT_ADDRESS = offset(EVENT, "fault_address");
    static final long EVENT_HAS_FAULT_ADDRESS = offset(EVENT, "has_fault_address");
    static final long EVENT_VF_INDEX = offset(EVENT, "vf_index");
    static final long EVENT_NOTIFY_INDEX = offset(EVENT, "notify_index");

    private Abi() {}

    static long offset(MemoryLayout struct, String field) {
        return struct.byteOffset(PathElement.groupElement(field));
    }

    private static StructLayout coreOps() {
        List<MemoryLayout> members = new ArrayList<>();
        members.add(JAVA_INT.withName("size"));
        members.add(JAVA_INT.withName("version"));
        for (Op op : Op.values()) {
            members.add(ADDRESS.withName(op.field()));
        }
        return structLayout(members.toArray(MemoryLayout[]::new)).withName("nacre_core_ops");
    }

    private static StructLayout platform() {
        List<MemoryLayout> members = new ArrayList<>();
        members.add(JAVA_INT.withName("size"));
        members.add(JAVA_INT.withName("version"));
        members.add(JAVA_LONG.withName("context"));
        for (PlatformOp op : PlatformOp.values()) {
            members.add(ADDRESS.withName(op.field()));
        }
        return structLayout(members.toArray(MemoryLayout[]::new)).withName("nacre_platform");
    }
}
