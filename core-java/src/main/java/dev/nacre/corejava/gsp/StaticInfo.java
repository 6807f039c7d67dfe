package dev.nacre.corejava.gsp;

import dev.nacre.core.BoardInfo.FbRegion;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.hw.gsp.FbRegionInfo;
import dev.nacre.hw.gsp.GidInfo;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.rm.RpcFunction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What the GSP tells once.
 *
 * @param name the product's
 * @param uuid {@code GPU-} and the board's id
 * @param fbRegions what a driver may use, in order
 * @param reservedFrom where what the firmware keeps begins: behind the last of them
 * @param bar1PageDirectory BAR1's root, in the GPU's memory
 * @param sriovMaxGfid the highest number of a virtual function; 0 if it has none
 * @param engineCaps RM_ENGINE_TYPE of engines that are there
 * @param client the firmware's own client, under which controls of the board go
 * @param device its device
 * @param subdevice its subdevice
 * @param nonWprHeap where the firmware's part of memory begins, as it says; -1 if it does not
 * @param frts where FRTS begins, likewise
 * @param units of the graphics engine; empty where that is not told here
 */
public record StaticInfo(
        String name,
        String uuid,
        List<FbRegion> fbRegions,
        long reservedFrom,
        long bar1PageDirectory,
        int sriovMaxGfid,
        BitSet engineCaps,
        int client,
        int device,
        int subdevice,
        long nonWprHeap,
        long frts,
        Optional<Units> units) {
    // HW: nouveau nvkm/subdev/gsp/rm/r535/nvrm/gsp.h: MAX_GPC_COUNT; {gpcId, tpcMask} for each
    private static final int MAX_GPCS = 32;
    private static final int TPC_INFO_BYTES = 8;

    private static final int NAME_BYTES = 64;
    private static final int PAGE = 4096;

    /**
     * What works of the graphics engine.
     *
     * @param gpcs graphics processing clusters
     * @param tpcs texture processing clusters of all of them
     */
    public record Units(int gpcs, int tpcs) {}

    /**
     * Asks the GSP.
     *
     * @param fbBytes all of the GPU's memory
     * @throws dev.nacre.core.CoreException IO if the answer is impossible
     */
    public static StaticInfo read(Rpc rpc, GspAbi abi, long fbBytes) {
        GspAbi.StaticInfoLayout layout = abi.staticInfo();
        return parse(rpc.call(RpcFunction.GET_GSP_STATIC_INFO, new byte[layout.bytes()]), abi, fbBytes);
    }

    static StaticInfo parse(HostileBytes info, GspAbi abi, long fbBytes) {
        GspAbi.StaticInfoLayout layout = abi.staticInfo();
        List<FbRegion> regions = regions(info, layout.fbRegions(), fbBytes);
        FbRegion last = regions.getLast();
        long bar1 = info.longAt(layout.bar1PdeBase());
        info.require(
                bar1 > 0 && bar1 <= fbBytes - PAGE && bar1 % PAGE == 0,
                "page directory of BAR1 at 0x" + Long.toHexString(bar1));
        BitSet caps = new BitSet();
        for (int i = 0; i < layout.engineCapsWords() * Integer.SIZE; i++) {
            int word = info.intAt(layout.engineCaps() + (long) i / Integer.SIZE * Integer.BYTES);
            caps.set(i, (word >>> i % Integer.SIZE & 1) != 0);
        }
        int handles = layout.internalClient();
        return new StaticInfo(
                info.textAt(layout.gpuNameString(), NAME_BYTES),
                uuid(info, layout.gidInfo()),
                regions,
                last.offset() + last.bytes(),
                bar1,
                info.intAt(layout.sriovMaxGfid()),
                caps,
                info.intAt(handles),
                info.intAt(handles + Integer.BYTES),
                info.intAt(handles + 2L * Integer.BYTES),
                place(info, layout.fwWprLayoutOffset(), 0, fbBytes),
                place(info, layout.fwWprLayoutOffset(), Long.BYTES, fbBytes),
                units(info, layout));
    }

    private static Optional<Units> units(HostileBytes info, GspAbi.StaticInfoLayout layout) {
        if (layout.gpcInfo() < 0) {
            return Optional.empty();
        }
        int gpcMask = info.intAt(layout.gpcInfo());
        int tpcs = 0;
        for (int gpc = 0; gpc < MAX_GPCS; gpc++) {
            if ((gpcMask >>> gpc & 1) != 0) {
                tpcs += Integer.bitCount(info.intAt(layout.tpcInfo() + (long) TPC_INFO_BYTES * gpc + Integer.BYTES));
            }
        }
        return Optional.of(new Units(Integer.bitCount(gpcMask), tpcs));
    }

    private static long place(HostileBytes info, int layout, int at, long fbBytes) {
        if (layout < 0) {
            return -1;
        }
        long address = info.longAt((long) layout + at);
        info.require(address >= 0 && address < fbBytes, "firmware's memory at 0x" + Long.toHexString(address));
        return address;
    }

    /** The regions that a driver may use for everything. */
    private static List<FbRegion> regions(HostileBytes info, long at, long fbBytes) {
        long count = info.uintAt(at + FbRegionInfo.NUM_REGIONS);
        info.require(count <= FbRegionInfo.MAX_REGIONS, count + " memory regions");
        List<FbRegion> regions = new ArrayList<>();
        long end = 0;
        for (int i = 0; i < count; i++) {
            long region = at + FbRegionInfo.REGIONS + (long) i * FbRegionInfo.REGION_BYTES;
            long base = info.longAt(region + FbRegionInfo.BASE);
            long limit = info.longAt(region + FbRegionInfo.LIMIT);
            info.require(
                    base >= end && limit >= base && limit < fbBytes,
                    "memory region 0x" + Long.toHexString(base) + " to 0x" + Long.toHexString(limit));
            end = limit + 1;
            // HW: nouveau nvkm/subdev/gsp/rm/r535/gsp.c takes the same ones.
            boolean usable = info.longAt(region + FbRegionInfo.RESERVED) == 0
                    && info.byteAt(region + FbRegionInfo.SUPPORT_COMPRESSED) != 0
                    && info.byteAt(region + FbRegionInfo.SUPPORT_ISO) != 0
                    && info.byteAt(region + FbRegionInfo.PROTECTED) == 0;
            if (usable) {
                regions.add(new FbRegion(base, limit + 1 - base));
            }
        }
        info.require(!regions.isEmpty(), "no memory region for drivers among " + count);
        return List.copyOf(regions);
    }

    private static String uuid(HostileBytes info, long at) {
        int length = info.intAt(at + GidInfo.LENGTH);
        info.require(length >= GidInfo.UUID_BYTES, "board id of " + length + " bytes");
        String hex = HexFormat.of().formatHex(info.copy(at + GidInfo.DATA, GidInfo.UUID_BYTES));
        return "GPU-" + hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }
}
