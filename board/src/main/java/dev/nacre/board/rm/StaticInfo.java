package dev.nacre.board.rm;

import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.EngineInfo;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.hw.chip.BootPath;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspAbi.StaticInfoLayout;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What never changes while the firmware runs: the reply to GET_GSP_STATIC_INFO. */
public final class StaticInfo {
    /** Client that the firmware itself owns and a driver uses for internal controls. */
    public static final int INTERNAL_CLIENT = 0xc2000005;

    /** Its device. */
    public static final int INTERNAL_DEVICE = 0xde1d0000;

    /** Its subdevice. */
    public static final int INTERNAL_SUBDEVICE = 0x5d1d0000;

    // HW: NV2080_CTRL_GPU_GET_GID_INFO_PARAMS {index, flags, length, data}; flags: binary, from a SHA-1.
    private static final int GID_FLAGS = 4;
    private static final int GID_LENGTH = 8;
    private static final int GID_DATA = 12;
    private static final int GID_FLAGS_BINARY = 2;
    private static final int GID_BYTES = 16;

    // HW: NV2080_CTRL_CMD_FB_GET_FB_REGION_FB_REGION_INFO
    private static final int REGIONS_FIRST = 8;
    private static final int REGION_BYTES = 48;
    private static final int REGION_LIMIT = 8;
    private static final int REGION_RESERVED = 16;
    private static final int REGION_PERFORMANCE = 24;
    private static final int REGION_COMPRESSED = 28;
    private static final int REGION_ISO = 29;

    private static final int NAME_BYTES = 64;

    private final GpuModel model;
    private final ChipHal hal;
    private final GpuProfile profile;

    /** Makes the information about a GPU. */
    public StaticInfo(GpuModel model) {
        this.model = model;
        this.hal = model.hal();
        this.profile = GpuProfile.of(hal.chip());
    }

    /** Encodes it for a driver. */
    public byte[] encode(GspAbi abi, FirmwareMemory memory) {
        StaticInfoLayout layout = abi.staticInfo();
        WireStruct out = WireStruct.ofSize(layout.bytes());
        boardId(out, layout);
        regions(out.part(layout.fbRegions(), layout.bytes()), memory);
        engines(out, layout);
        memory(out, layout, memory);
        names(out, layout);
        if (layout.gpcInfo() >= 0) {
            clusters(out, layout);
        }
        if (layout.fwWprLayoutOffset() >= 0 && hal.chip().bootPath() == BootPath.FSP) {
            out.put64(layout.fwWprLayoutOffset(), memory.nonWprHeap());
            out.put64(layout.fwWprLayoutOffset() + 8, memory.frts());
        }
        out.put64(layout.bar1PdeBase(), memory.bar1PageDirectory());
        out.put64(layout.bar1PdeBase() + 8, memory.bar2PageDirectory());
        out.put8(layout.vbiosValid(), 1);
        out.put32(layout.vbiosValid() + 4, Chip.PCI_VENDOR_ID);
        out.put32(layout.vbiosValid() + 8, model.subsystemId());
        out.put32(layout.internalClient(), INTERNAL_CLIENT);
        out.put32(layout.internalClient() + 4, INTERNAL_DEVICE);
        out.put32(layout.internalClient() + 8, INTERNAL_SUBDEVICE);
        return out.toByteArray();
    }

    private void boardId(WireStruct out, StaticInfoLayout layout) {
        UUID id = model.uuid();
        WireStruct gid = out.part(layout.gidInfo(), GID_DATA + GID_BYTES);
        gid.put32(GID_FLAGS, GID_FLAGS_BINARY);
        gid.put32(GID_LENGTH, GID_BYTES);
        gid.put64(GID_DATA, Long.reverseBytes(id.getMostSignificantBits()));
        gid.put64(GID_DATA + 8, Long.reverseBytes(id.getLeastSignificantBits()));
    }

    // The second region is reserved: some drivers want the last limit to reach the end of memory, others take the last
    // region that is not reserved for the end of what they may use.
    private static void regions(WireStruct out, FirmwareMemory memory) {
        out.put32(0, 2);
        WireStruct usable = out.part(REGIONS_FIRST, REGION_BYTES);
        usable.put64(REGION_LIMIT, memory.usableEnd() - 1);
        usable.put32(REGION_PERFORMANCE, 10);
        usable.put8(REGION_COMPRESSED, 1);
        usable.put8(REGION_ISO, 1);
        WireStruct reserved = out.part(REGIONS_FIRST + REGION_BYTES, REGION_BYTES);
        reserved.put64(0, memory.usableEnd());
        reserved.put64(REGION_LIMIT, memory.fbBytes() - 1);
        reserved.put64(REGION_RESERVED, memory.fbBytes() - memory.usableEnd());
    }

    private void engines(WireStruct out, StaticInfoLayout layout) {
        int[] mask = new int[layout.engineCapsWords()];
        for (EngineInfo engine : hal.engines()) {
            mask[engine.rmEngineType() / 32] |= 1 << engine.rmEngineType() % 32;
        }
        for (int i = 0; i < mask.length; i++) {
            out.put32(layout.engineCaps() + 4 * i, mask[i]);
        }
    }

    private void memory(WireStruct out, StaticInfoLayout layout, FirmwareMemory memory) {
        out.put64(layout.fbLength(), memory.fbBytes());
        out.put32(layout.fbBusWidth(), profile.memoryBusBits());
        out.put32(layout.fbRamType(), profile.memoryType());
        out.put32(layout.l2CacheSize(), profile.l2CacheBytes());
    }

    private void names(WireStruct out, StaticInfoLayout layout) {
        String name = model.name();
        out.putText(layout.gpuNameString(), name, NAME_BYTES);
        out.putText(layout.gpuShortNameString(), profile.shortName(), NAME_BYTES);
        out.put(layout.gpuNameStringUnicode(), name.getBytes(StandardCharsets.UTF_16LE));
    }

    private void clusters(WireStruct out, StaticInfoLayout layout) {
        out.put32(layout.gpcInfo(), profile.gpcMask());
        for (int gpc = 0; gpc < profile.gpcs(); gpc++) {
            out.put32(layout.tpcInfo() + 8 * gpc, gpc);
            out.put32(layout.tpcInfo() + 8 * gpc + 4, profile.tpcMask(gpc));
        }
    }
}
