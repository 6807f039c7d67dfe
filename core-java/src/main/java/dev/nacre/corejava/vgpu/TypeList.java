package dev.nacre.corejava.vgpu;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.VgpuType;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.vgpu.TypeInfo;
import dev.nacre.hw.vgpu.VgpuAbi;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The types of virtual GPUs as the firmware is told of them. */
public final class TypeList {
    private static final long MIB = 1 << 20;
    private static final int MOST_PERCENT = 100;
    private static final long LEAST_BAR1_BYTES = 64 * MIB;
    private static final int MOST_HEADS = 4;
    private static final int MOST_PIXELS_ACROSS = 1 << 15;

    // HW: what NVIDIA's one published type has
    private static final long MAPPABLE_VIDEO_BYTES = 4 * MIB;
    private static final String KIND_WITHOUT_COMPUTE = "NVS";

    private TypeList() {}

    /**
     * Parameters of NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_PGPU_ADD_VGPU_TYPE.
     *
     * @param pciDeviceId the GPU's
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if there are too many, or a field does not fit
     */
    public static byte[] parameters(List<VgpuType> types, VgpuAbi.TypeInfoLayout layout, int pciDeviceId) {
        if (types.size() > TypeInfo.MAX_TYPES) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "There are more types than the firmware can know: types=" + types.size() + " allowed=0 to "
                            + TypeInfo.MAX_TYPES);
        }
        WireStruct all = new WireStruct(layout.addVgpuTypeBytes());
        all.put8(TypeInfo.ADD_DISCARD_VGPU_TYPES, 1);
        all.put32(TypeInfo.ADD_VGPU_INFO_COUNT, types.size());
        Set<Integer> ids = new HashSet<>();
        int at = TypeInfo.ADD_VGPU_INFO;
        for (VgpuType type : types) {
            check(type);
            require(ids.add(type.id()), type, "id", type.id(), "one of its own");
            put(all, at, type, pciDeviceId);
            at += layout.bytes();
        }
        return all.bytes();
    }

    private static void put(WireStruct all, int at, VgpuType type, int pciDeviceId) {
        all.put32(at + TypeInfo.VGPU_TYPE, type.id());
        all.put(at + TypeInfo.VGPU_NAME, ascii(type.name()));
        all.put(at + TypeInfo.VGPU_CLASS, ascii(type.kind()));
        all.put(at + TypeInfo.LICENSE, ascii(type.licenses()));
        all.put32(at + TypeInfo.MAX_INSTANCE, type.maxInstances());
        all.put32(at + TypeInfo.NUM_HEADS, type.heads());
        all.put32(at + TypeInfo.MAX_RESOLUTION_X, type.maxWidth());
        all.put32(at + TypeInfo.MAX_RESOLUTION_Y, type.maxHeight());
        // CAST: 4 heads of 2^15 by 2^15 pixels: the firmware takes it as unsigned, and the largest is cut.
        all.put32(at + TypeInfo.MAX_PIXELS, (int)
                Math.min((long) type.heads() * type.maxWidth() * type.maxHeight(), Integer.MAX_VALUE));
        all.put32(at + TypeInfo.FRL_CONFIG, type.frameRateLimit());
        all.put32(at + TypeInfo.FRL_ENABLE, type.frameRateLimit() > 0 ? 1 : 0);
        all.put32(at + TypeInfo.CUDA_ENABLED, type.kind().equals(KIND_WITHOUT_COMPUTE) ? 0 : 1);
        all.put32(at + TypeInfo.ECC_SUPPORTED, type.ecc() ? 1 : 0);
        all.put64(at + TypeInfo.VDEV_ID, (long) type.pciDeviceId() << Short.SIZE | type.pciSubsystemId());
        all.put64(at + TypeInfo.PDEV_ID, pciDeviceId);
        all.put64(at + TypeInfo.PROFILE_SIZE, type.fbBytes());
        all.put64(at + TypeInfo.FB_LENGTH, type.fbBytes());
        all.put64(at + TypeInfo.GSP_HEAP_SIZE, type.heapBytes());
        all.put64(at + TypeInfo.FB_RESERVATION, type.fbReservationBytes());
        all.put64(at + TypeInfo.MAPPABLE_VIDEO_SIZE, MAPPABLE_VIDEO_BYTES);
        all.put32(at + TypeInfo.ENCODER_CAPACITY, type.encoderCapacity());
        all.put64(at + TypeInfo.BAR1_LENGTH, type.bar1Bytes() / MIB);
    }

    private static void check(VgpuType type) {
        require(type.id() >= 1, type, "id", type.id(), "1 or more");
        requireText(type, "name", type.name(), 1, TypeInfo.STRING_BYTES - 1);
        requireText(type, "kind", type.kind(), 1, TypeInfo.STRING_BYTES - 1);
        requireText(type, "licenses", type.licenses(), 0, TypeInfo.LICENSE_BYTES - 1);
        require(type.maxInstances() >= 1, type, "maxInstances", type.maxInstances(), "1 or more");
        requireIn(type, "heads", type.heads(), MOST_HEADS);
        requireIn(type, "maxWidth", type.maxWidth(), MOST_PIXELS_ACROSS);
        requireIn(type, "maxHeight", type.maxHeight(), MOST_PIXELS_ACROSS);
        requireIn(type, "frameRateLimit", type.frameRateLimit(), Integer.MAX_VALUE);
        requireIn(type, "pciDeviceId", type.pciDeviceId(), 0xffff);
        requireIn(type, "pciSubsystemId", type.pciSubsystemId(), 0xffff);
        requireIn(type, "encoderCapacity", type.encoderCapacity(), MOST_PERCENT);
        require(type.fbBytes() > 0, type, "fbBytes", type.fbBytes(), "1 or more");
        require(type.heapBytes() > 0, type, "heapBytes", type.heapBytes(), "1 or more");
        require(type.fbReservationBytes() >= 0, type, "fbReservationBytes", type.fbReservationBytes(), "0 or more");
        require(
                type.bar1Bytes() >= LEAST_BAR1_BYTES && Long.bitCount(type.bar1Bytes()) == 1,
                type,
                "bar1Bytes",
                type.bar1Bytes(),
                "a power of two from " + LEAST_BAR1_BYTES);
    }

    private static void requireIn(VgpuType type, String field, int value, int most) {
        require(value >= 0 && value <= most, type, field, value, "0 to " + most);
    }

    private static void requireText(VgpuType type, String field, String text, int least, int most) {
        boolean printable = text.chars().allMatch(c -> c >= ' ' && c <= '~');
        require(
                printable && text.length() >= least && text.length() <= most,
                type,
                field,
                text,
                least + " to " + most + " characters of ASCII");
    }

    private static void require(boolean holds, VgpuType type, String field, Object value, String allowed) {
        if (!holds) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Type of virtual GPU is impossible: type=" + type.id() + " " + field + "=" + value + " allowed="
                            + allowed);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
