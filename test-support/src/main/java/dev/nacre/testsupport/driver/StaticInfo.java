package dev.nacre.testsupport.driver;

import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.rm.RpcFunction;

/**
 * What the firmware tells of the board once.
 *
 * @param name the board's name
 * @param usableBytes the driver's memory: all below this address
 * @param bar1PageDirectory where BAR1's root directory is, in the board's memory
 * @param bar2PageDirectory where BAR2's is
 * @param client the firmware's own client, under which controls of the board go
 * @param device its device
 * @param subdevice its subdevice
 */
record StaticInfo(
        String name,
        long usableBytes,
        long bar1PageDirectory,
        long bar2PageDirectory,
        int client,
        int device,
        int subdevice) {
    private static final int NAME_BYTES = 64;
    private static final int PAGE = 4096;

    // HW: NV2080_CTRL_CMD_FB_GET_FB_REGION_FB_REGION_INFO, ctrl2080fb.h
    private static final int REGIONS_AFTER_COUNT = 8;
    private static final int REGION_BYTES = 0x30;
    private static final int REGION_LIMIT = 0x08;
    private static final int REGION_RESERVED = 0x10;
    private static final int REGION_COMPRESSED = 0x1c;
    private static final int REGION_ISO = 0x1d;
    private static final int REGION_PROTECTED = 0x1e;
    private static final int MAX_REGIONS = 16;
    private static final int GID_LENGTH = 8;
    private static final int GID_DATA = 12;

    /** Asks the firmware. */
    static StaticInfo read(Rpc rpc, Device device, FbLayout fb) {
        GspAbi.StaticInfoLayout layout = GspAbi.of(GspVersion.R570_144).staticInfo();
        Words info = rpc.call(RpcFunction.GET_GSP_STATIC_INFO, new byte[layout.bytes()]);
        Check check = device.check;
        String name = info.textAt(layout.gpuNameString(), NAME_BYTES);
        check.equal("name", device.chip.productName(), name);
        checkGid(info, layout.gidInfo(), check);
        int caps = 0;
        for (int i = 0; i < layout.engineCapsWords(); i++) {
            caps |= info.intAt(layout.engineCaps() + 4 * i);
        }
        check.differ("engine capabilities", 0, caps);
        long usable = usable(info, layout.fbRegions(), fb, check);
        long bar1 = info.longAt(layout.bar1PdeBase());
        long bar2 = info.longAt(layout.bar1PdeBase() + 8);
        checkDirectory("BAR1", bar1, usable, fb, check);
        checkDirectory("BAR2", bar2, usable, fb, check);
        check.differ("page directories of BAR1 and BAR2", bar1, bar2);
        int handles = layout.internalClient();
        for (int i = 0; i < 3; i++) {
            check.differ("internal handle " + i, 0, info.intAt(handles + 4 * i));
        }
        return new StaticInfo(
                name, usable, bar1, bar2, info.intAt(handles), info.intAt(handles + 4), info.intAt(handles + 8));
    }

    /** Regions cover the memory from 0 to its end; the first is the driver's. */
    private static long usable(Words info, int at, FbLayout fb, Check check) {
        int count = info.intAt(at);
        check.that("memory regions", count >= 1 && count <= MAX_REGIONS, "1 to " + MAX_REGIONS, "" + count);
        long next = 0;
        for (int i = 0; i < count; i++) {
            int region = at + REGIONS_AFTER_COUNT + i * REGION_BYTES;
            check.equal("start of memory region " + i, next, info.longAt(region));
            next = info.longAt(region + REGION_LIMIT) + 1;
        }
        check.equal("end of the last memory region", fb.sizeBytes(), next);
        int first = at + REGIONS_AFTER_COUNT;
        check.equal("reserved bytes of the first region", 0, info.longAt(first + REGION_RESERVED));
        check.equal("first region takes compressed kinds", 1, info.byteAt(first + REGION_COMPRESSED));
        check.equal("first region takes scan-out", 1, info.byteAt(first + REGION_ISO));
        check.equal("first region is protected", 0, info.byteAt(first + REGION_PROTECTED));
        long usable = info.longAt(first + REGION_LIMIT) + 1;
        check.that(
                "usable memory",
                usable <= fb.nonWprHeap() && usable >= fb.nonWprHeap() - (64L << 20),
                "up to the firmware's heap at " + Check.hex(fb.nonWprHeap()),
                Check.hex(usable));
        return usable;
    }

    private static void checkDirectory(String bar, long address, long usable, FbLayout fb, Check check) {
        check.that(
                "page directory of " + bar,
                address >= usable && address < fb.wprStart() && address % PAGE == 0,
                "a page between the usable memory and the protected region",
                Check.hex(address));
    }

    private static void checkGid(Words info, int at, Check check) {
        int length = info.intAt(at + GID_LENGTH);
        check.that("length of the board's id", length > 0 && length <= 256, "1 to 256", "" + length);
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum |= info.byteAt(at + GID_DATA + i);
        }
        check.differ("the board's id", 0, sum);
    }
}
